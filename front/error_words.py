"""What went wrong, in Chinese (出错信息的中文): the sentences of errors by their English originals.

Errors arise below the command line, in one language. Here each sentence stands with its translation; what
is not listed stays English. Groups of a pattern are kept as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["error_in_chinese", "sentence_in_chinese", "usage_in_chinese"]

_SUBJECTS: Final[Mapping[str, str]] = {
    r"search": "检索",
    r"the query": "查询",
    r"query (.+)": "查询 {0}",
    r"dimension (.+)": "维度 {0}",
    r"measure (.+)": "汇总对象 {0}",
    r"where (.+)": "条件 {0}",
    r"by (.+)": "分列 {0}",
    r"year (.+)": "年度 {0}",
    r"region (.+)": "地区 {0}",
    r"organization (.+)": "部门 {0}",
    r"document (.+)": "文件 {0}",
    r"department (.+)": "部门 {0}",
    r"model folder (.+)": "模型目录 {0}",
    r"model (.+)": "模型 {0}",
    r"passage (.+)": "表述 {0}",
    r"the passage vectors": "表述的向量",
    r"(.+), line (\d+)": "{0} 第{1}行",
    r"(.+) holds no graph": "{0} 里没有图谱",
    r"(.+) is in use": "{0} 正在使用",
    r"query refused": "查询被拒",
    r"query failed": "查询失败",
    r"query stopped": "查询已停止",
    r"result too large": "结果过大",
    r"too many queries": "查询过多",
}
_SENTENCES: Final[Mapping[str, str]] = {
    # the workspace
    r"nothing has been built there": "这里还没有读入任何文档",
    r"no build was completed here": "这里还没有完成过读入",
    r"Run: fiscalgraph build PATH…(?: \(or choose it with --home\))?": (
        "请运行：fiscalgraph build 路径…（或用 --home 指定工作区）"
    ),
    r"another build is running there": "另一次读入正在进行",
    r"Wait for it, or use another --home": "请等它结束，或用 --home 另选工作区",
    r"the workspace has no such document": "工作区里没有这份文件",
    r"See `fiscalgraph status` for the names": "文件和部门的名称见 `fiscalgraph status`",
    r"the graph says nothing about it": "图谱中没有它",
    r"it is not an IRI": "它不是 IRI",
    r"Copy (?:an IRI|one) from an answer": "请从查询结果中复制 IRI",
    r"Choose another place or format": "请换一个位置或格式",
    r"Check the disk and the permissions, or choose another --home": (
        "请检查磁盘和权限，或用 --home 另选工作区"
    ),
    r"Choose another with --port": "请用 --port 换一个端口",
    r"cannot listen there \((.+)\)": "无法在此监听（{0}）",
    r"Set it to a number or unset it": "请设为数字，或去掉该设置",
    r"there is no such file or folder": "没有这个文件或目录",
    r"No such file or directory": "没有这个文件或目录",
    r"Is a directory": "这是一个目录",
    r"Permission denied": "没有权限",
    r"Check the path": "请检查路径",
    # queries
    r"there is no named query of that name": "没有这个名称的查询",
    r"There are: (.+)": "现有：{0}",
    r"it has no parameter (.+)": "它没有参数 {0}",
    r"Its parameters: (.+)": "它的参数：{0}",
    r"only named queries take parameters": "只有命名查询才有参数",
    r"Write them into the query": "请直接写进查询里",
    r"it is not valid SPARQL: line (\d+), column (\d+): (.+)": "不是有效的 SPARQL：第{0}行第{1}列：{2}",
    r"Correct the query at the place named": "请改正所指的位置",
    r"it would change the graph": "它会改动图谱",
    r"Only SELECT, ASK, CONSTRUCT and DESCRIBE are answered; build documents to change the graph": (
        "只回答 SELECT、ASK、CONSTRUCT、DESCRIBE；要改动图谱请读入文档"
    ),
    r"it took longer than ([\d.]+) seconds": "超过了 {0} 秒",
    r"Narrow it \(a document, a department, a year\), or ask for fewer joins": (
        "请缩小范围（文件、部门、年度），或减少连接"
    ),
    # sums
    r"sums know no such dimension": "没有这个维度",
    r"Choose of: (.+)": "可选：{0}",
    r"there is no such value": "没有这个值",
    r"no code has that name": "没有这个名称的科目",
    r"Give the code in digits": "请写科目编码",
    r"Give a code of 政府收支分类科目, or its name": "请写政府收支分类科目的编码或名称",
    r"Did you mean (.+)\?": "是否指 {0}？",
    r"a code of .+ \((.+)\) has (\d) digits": "{0}的编码为 {1} 位",
    r".+ \((.+)\) has no such code": "{0}中没有这个编码",
    r"Give (\d) digits, or ask for another dimension": "请写 {0} 位编码，或换一个维度",
    r"the projection knows none of that name": "工作区里没有这个名称",
    r"a year has four digits": "年度应为四位数字",
    r"Write 2024": "请写成 2024",
    r"it is not of the form name=value": "应写成“名称=值”",
    r"Write year=2024": "例如 year=2024",
    r"it can only be restricted": "它只能作条件",
    r"Use where (.+)": "请用 --where {0}",
    r"Give the six digits of GB/T 2260": "请写 GB/T 2260 的六位代码",
    r"the workspace holds no projection for sums": "工作区里没有供汇总用的数据",
    r"its projection is of another version": "供汇总用的数据是另一版本的",
    r"Build it again": "请重新读入",
    r"Build the workspace again": "请重新读入工作区",
    # search
    r"the text holds no letter or digit": "查询里没有文字或数字",
    r"Describe what to look for in words": "请用文字描述要找的内容",
    r"the text has (\d+) characters": "查询有 {0} 个字符",
    r"Search for at most (\d+)": "最多 {0} 个字符",
    r"there is no kind (.+)": "没有 {0} 这一类",
    r"Choose among (.+)": "可选：{0}",
    r"no passage of the workspace is of it": "工作区里没有它的表述",
    r"there is no region of this name": "没有这个地区",
    r"Write its name as 广东省 or its code": "请写全称（如广东省）或行政区划代码",
    r"(.+) is no classification code": "{0} 不是科目编码",
    r"Give digits: 208, 2080501": "请写数字，如 208、2080501",
    r"no year lies from (\d+) to (\d+)": "{0} 年到 {1} 年之间没有年度",
    r"Exchange the two": "请把两者对调",
    r"the index holds no passage of this IRI": "没有这个 IRI 的表述",
    r"Take one from a search's hits": "请从检索结果中取",
    r"there is no such folder": "没有这个目录",
    r"Check the path of the model folder": "请检查模型目录的路径",
    r"it needs the package sentence-transformers, which is not installed": (
        "它需要 sentence-transformers，尚未安装"
    ),
    r"Install fiscalgraph\[encoders\], or leave the model setting empty to use the built-in model": (
        "请安装 fiscalgraph[encoders]，或去掉模型设置以使用自带模型"
    ),
    r"it holds nothing": "文件里没有内容",
    r"Give a file with at least one line": "请给出至少有一行的文件",
    r"it is not JSON \((.+)\)": "不是 JSON（{0}）",
    r"Write one JSON object a line": "请每行写一个 JSON 对象",
    r"it is not UTF-8": "不是 UTF-8",
    r"Save (?:it|the file) as UTF-8(?: text)?": "请另存为 UTF-8",
    # documents that cannot be read
    r"the file is empty \(0 bytes\)": "文件是空的（0 字节）",
    r"it holds nothing but white space": "文件里只有空白",
    r"Download it again": "请重新下载",
    r"it is protected by a password": "有密码保护",
    r"the PDF is encrypted and asks for a password": "PDF 已加密，需要密码",
    r"Save a copy without the password": "请另存一份不带密码的",
    r"Save it without a password and build it again": "请去掉密码后重新读入",
    r"every page is a picture without text \(a scan\)": "每一页都是没有文字的图片（扫描件）",
    r"Use the text version of the publication, or let its pictures be read: build --recognise": (
        "请用有文字的版本，或让它识别图片：build --recognise"
    ),
    r"its content is of no known document format": "内容不是已知的文档格式",
    r"Save it as PDF, DOCX, XLSX, HTML or text": "请另存为 PDF、DOCX、XLSX、HTML 或文本",
    r"there is no such file": "没有这个文件",
    r"permission to read it is missing": "没有读取权限",
    r"its bytes are not text in UTF-8, UTF-16 or GB18030": "内容不是 UTF-8、UTF-16 或 GB18030 编码的文字",
    r"the Word file is damaged \((.+)\)": "Word 文件已损坏（{0}）",
    r"the workbook is damaged \((.+)\)": "工作簿已损坏（{0}）",
    r"Open it in Word and save it again": "请用 Word 打开后重新保存",
    r"Open it in Excel and save it again": "请用 Excel 打开后重新保存",
    r"reading (.+) files needs LibreOffice, which is not installed": "读 {0} 文件需要 LibreOffice，尚未安装",
    r"Install LibreOffice, or save the file as (.+)": "请安装 LibreOffice，或另存为 {0}",
    r"its text does not establish the (.+)": "正文没有写明：{0}",
    r"Check that the whole document was published, title page and table captions included": (
        "请检查文件是否完整，包括封面和表题"
    ),
}
_USAGE: Final[Mapping[str, str]] = {
    r"Invalid value for (.+?): (.+)": "{0} 的值无效：{1}",
    r"Invalid value: (.+)": "{0}",
    r"Value error, (.+) is not one of (.+?)\.?": "{0} 不在可选值之内：{1}",
    r"Input should be greater than or equal to (.+)": "应不小于 {0}",
    r"Input should be less than or equal to (.+)": "应不大于 {0}",
    r"Input should be a valid integer.*": "应为整数",
    r"Missing argument (.+?)\.?": "缺少参数 {0}",
    r"Missing option (.+?)\.?": "缺少选项 {0}",
    r"No such option: (\S+?)\.?": "没有选项 {0}",
    r"No such option: (\S+) Did you mean (.+)\?": "没有选项 {0}，是否指 {1}？",
    r"No such option: (\S+) \(Possible options: (.+)\)": "没有选项 {0}（相近的：{1}）",
    r"No such command (.+?)\.?": "没有命令 {0}",
    r"No such command (.+?)\. Did you mean (.+)\?": "没有命令 {0}，是否指 {1}？",
    r"Option (.+) requires an argument\.?": "选项 {0} 需要一个值",
    r"Got unexpected extra arguments? \((.+)\)": "多出的参数：{0}",
}


def error_in_chinese(what: str, why: str, cure: str) -> str:
    """An error in one line: what, why, and what to do about it."""
    parts = [_translated(why, _SENTENCES), _translated(cure, _SENTENCES)]
    said = "。".join(part.rstrip(".。") for part in parts if part)
    end = "" if said.endswith("？") else "。"
    return f"{_translated(what, _SUBJECTS)}：{said}{end}"


def sentence_in_chinese(sentence: str) -> str:
    """A sentence of an error; as it is where its translation is not known."""
    return _translated(sentence, _SENTENCES)


def usage_in_chinese(message: str) -> str:
    """What the parser says of a command that it does not understand."""
    return _translated(message, _USAGE, inner=True)


def _translated(sentence: str, words: Mapping[str, str], *, inner: bool = False) -> str:
    plain = sentence if inner else sentence.strip().rstrip(".")
    for pattern, chinese in words.items():
        if found := re.fullmatch(pattern, plain, re.DOTALL):
            groups = [_translated(each, words, inner=True) if inner else each for each in found.groups()]
            return chinese.format(*groups)
    return sentence

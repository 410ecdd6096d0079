"""What went wrong, in Chinese (出错信息的中文): the sentences of errors by their English originals.

Errors arise below the command line and the server, in one language. Here each sentence stands with its
translation; what is not listed stays English. Groups of a pattern are kept as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["error_in_chinese", "parts_in_chinese", "sentence_in_chinese", "usage_in_chinese"]

_SUBJECTS: Final[Mapping[str, str]] = {
    r"search": "检索",
    r"the query": "查询",
    r"dimension (.+)": "维度 {0}",
    r"measure (.+)": "汇总对象 {0}",
    r"where (.+)": "条件 {0}",
    r"by (.+)": "分列 {0}",
    r"year (.+)": "年度 {0}",
    r"region (.+)": "地区 {0}",
    r"organization (.+)": "部门 {0}",
    r"document (.+)": "文件 {0}",
    r"kind (.+)": "公开类型 {0}",
    r"department (.+)": "部门 {0}",
    r"issue (.+)": "共性问题 {0}",
    r"type (.+)": "原因类型 {0}",
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
    r"too many requests": "请求过多",
    r"request stopped": "请求已停止",
    r"the request": "请求",
    r"project (.+)": "项目 {0}",
    r"law (.+)": "法规 {0}",
    r"code (.+)": "科目 {0}",
    r"check (.+)": "核对规则 {0}",
    r"the workspace": "工作区",
    r"the MCP server": "MCP 服务",
    r"page (\d+)": "第 {0} 页",
    r"place (\d+) of (.+)": "{1} 的第 {0} 处出处",
    r"the source file": "原始文件",
    r"the file of (.+)": "{0} 的原始文件",
    r"too many pictures": "截图请求过多",
    r"upload (.+)": "上传 {0}",
    r"the file (.+)": "文件 {0}",
    r"query (.+)": "查询 {0}",
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
    r"Set it to another value or unset it": "请改设其他值，或去掉该设置",
    r"it is not a whole number of (\d+) or more": "应为不小于 {0} 的整数",
    r"it is not a number above 0": "应为大于 0 的数",
    r"it is none of (.+)": "可选：{0}",
    r"there is no such file or folder": "没有这个文件或目录",
    r"it is empty": "为空",
    r"Name a file or folder \(\. is the current one\)": "请写出文件或目录（. 表示当前目录）",
    r"No such file or directory": "没有这个文件或目录",
    r"Is a directory": "这是一个目录",
    r"Permission denied": "没有权限",
    r"Check the path": "请检查路径",
    # resources
    r"the graph knows none of that name": "图谱中没有这个名称",
    r"(\d+) bear that name": "有 {0} 个同名",
    r"the scheme of causes has none of that name": "原因类型表中没有这个名称",
    r"See `fiscalgraph query cause-types` for the names": "名称见命名查询 cause-types",
    r"what it held is gone, or stands alone now": "其内容已不存在，或不再有共性",
    r"there is none of that id, or none that the filters admit": "没有这个标识符，或不在所选范围内",
    r"See `fiscalgraph issues` for those there are": "现有的见 `fiscalgraph issues`",
    r"GET /issues lists (?:them|those there are)": "GET /issues 可列出全部",
    r"Ask for one of them: (.+)": "请指明其中一个：{0}",
    r"GET (/\S+) lists (?:them|their names|the codes)": "GET {0} 列出全部",
    r"there is no such region": "没有这个地区",
    r"Give a name \((.+)\) or a code of GB/T 2260": "请给出名称（{0}）或 GB/T 2260 代码",
    r"there is no such classification code": "没有这个科目",
    r"no published list and no document has it": "科目表和文件中都没有它",
    r"Give a code of 3, 5 or 7 digits \((.+)\); GET /classification lists them": (
        "请给出 3、5 或 7 位编码（{0}）；GET /classification 列出全部"
    ),
    r"there is no such check": "没有这项核对规则",
    r"Copy an IRI from an answer, with its escapes \(%2F\)": "请从结果中复制 IRI，保留其中的转义（%2F）",
    r"this answer cannot be given as (.+)": "无法以 {0} 的格式回答",
    r"Ask for one of (.+)": "可选：{0}",
    r"(.+) has a text longer than an Excel cell holds; export CSV instead": (
        "{0} 中有文字超过 Excel 单元格的上限，请改用 CSV"
    ),
    r"Ask for format=csv": "请用 format=csv",
    r"the table has more than (\d+) rows": "表格超过 {0} 行",
    r"Narrow it by filters, or follow the pages of format=json": (
        "请用条件缩小范围，或用 format=json 分页获取"
    ),
    # over HTTP
    r"there is nothing at this address": "这个地址没有内容",
    r"See the list of addresses in the README": "可用的地址见 README",
    r"this address does not take that method": "这个地址不接受该方法",
    r"Use GET, or POST for /sparql": "请用 GET；/sparql 可用 POST",
    r"it cannot be given in a format that is accepted": "无法以所接受的格式给出",
    r"Accept application/json": "请接受 application/json",
    r"the request is too large": "请求过大",
    r"Send a shorter one": "请缩短",
    r"a body of this type is not understood": "不识别这种请求体",
    r"See docs/sparql.md": "见 docs/sparql.md",
    r"the body is larger than (\d+) bytes, or its length is not stated": (
        "请求体超过 {0} 字节，或未说明长度"
    ),
    r"Send a shorter query with its Content-Length": "请缩短查询，并写明 Content-Length",
    r"Send a smaller file with its Content-Length": "请换较小的文件，并写明 Content-Length",
    r"a body of the type (.+) is not taken here": "这里不接受 {0} 类型的请求体",
    r"Send the file itself, with Content-Type: application/octet-stream": (
        "请发送文件本身，并写明 Content-Type: application/octet-stream"
    ),
    r"files of this type are not read": "不读这种类型的文件",
    r"Upload one of (.+)": "可上传：{0}",
    r"(\d+) uploads are waiting, and no more are taken on": "已有 {0} 个上传在等待，不再接收",
    r"the disk of the workspace is full": "工作区所在磁盘已满",
    r"Make room on it": "请腾出空间",
    r"this server takes no uploads": "此服务器不接受上传",
    r"Run: fiscalgraph build FILE, or set FISCALGRAPH_SERVE_UPLOADS=1": (
        "请运行：fiscalgraph build 文件，或设置 FISCALGRAPH_SERVE_UPLOADS=1"
    ),
    r"pages of other origins may not upload": "其他来源的网页不得上传",
    r"Upload from the page of this server, or by a program": "请从本服务器的网页上传，或用程序上传",
    r"the process that read it broke off": "读取它的进程中途结束",
    r"the server failed while reading it": "服务器读取它时出错",
    r"Try again, or build it by the command line": "请再试一次，或用命令行读入",
    r"Build it by the command line": "请用命令行读入",
    r"Look at the server's log": "请查看服务器日志",
    r"this server does not answer for that name": "服务器不应答这个主机名",
    r"Use the address that `fiscalgraph serve` printed, or set FISCALGRAPH_SERVE_NAMES": (
        "请用 `fiscalgraph serve` 显示的地址，或设置 FISCALGRAPH_SERVE_NAMES"
    ),
    r"pages of other origins may not ask this: (.+)": "其他来源的网页不得这样访问：{0}",
    r"Set FISCALGRAPH_SERVE_CORS_ORIGINS, and ask by GET, HEAD or POST": (
        "请设置 FISCALGRAPH_SERVE_CORS_ORIGINS，并用 GET、HEAD 或 POST"
    ),
    r"this server answers who has a key, and there is none or another one in the request": (
        "此服务器需要密钥，而请求中没有或不对"
    ),
    r"Send it as Authorization: Bearer KEY, or as X-API-Key": (
        "请以 Authorization: Bearer KEY 或 X-API-Key 发送"
    ),
    r"its body did not arrive within ([\d.]+) seconds": "请求体未在 {0} 秒内到达",
    r"no request arrived within ([\d.]+) seconds": "{0} 秒内没有收到请求",
    r"Send it again, faster": "请更快地重新发送",
    r"(\d+) queries of yours are in progress, and that is all one client may have": (
        "您已有 {0} 个查询在进行，这是一个客户端的上限"
    ),
    r"Wait for one of them to end": "请等其中一个结束",
    r"(\d+) are in progress, and no more are taken on": "已有 {0} 个在进行，不再接收",
    r"Try again in a moment": "请稍后再试",
    r"all workers stayed busy until the deadline": "到时限为止没有空闲的进程",
    r"one client may send (\d+) requests a second": "一个客户端每秒最多发送 {0} 个请求",
    r"Send fewer": "请减少发送",
    r"Narrow it \(a document, a department, a year\), or ask for fewer lines": (
        "请缩小范围（文件、部门、年度），或少要几行"
    ),
    r"the answer has more than (\d+) bytes": "结果超过 {0} 字节",
    r"Ask for less \(a document, a year\), or for a page of it": "请缩小范围（文件、年度），或分页获取",
    r"it needs more memory than allowed": "所需内存超过限额",
    r"Ask for less, or narrow it": "请少要一些，或缩小范围",
    r"Ask for less, or try again": "请少要一些，或再试一次",
    r"its worker ended: .+": "处理进程中途结束：请求所需内存超过限额，或服务器正在关闭",
    r"the server failed while answering": "服务器应答时出错",
    r"Look at the server's log, and report it with the request that caused it": (
        "请查看服务器日志，并连同引起错误的请求一起反馈"
    ),
    r"the graph cannot be read \(.+\)": "无法读取图谱",
    r"Try again in a moment; if it stays so, build the workspace again": (
        "请稍后再试；如仍如此，请重新读入工作区"
    ),
    r"nothing has been built there, or it is gone": "这里还没有读入任何文档，或工作区已不在",
    r"generation (\d+) cannot be opened": "第 {0} 版无法打开",
    r"Correct the parameters": "请改正参数",
    r"an update would change the graph": "更新会改动图谱",
    r"Ask with query=; build documents to change the graph": "请用 query= 查询；要改动图谱请读入文档",
    # queries
    r"there is no named query of that name": "没有这个名称的查询",
    r"There are: (.+)": "现有：{0}",
    r"no document is of that kind": "没有这种类型的文件",
    r"it has no parameter (.+)": "它没有参数 {0}",
    r"('.*'|\".*\") is no decimal for the parameter (.+)": "参数 {1} 的值 {0} 不是小数或整数",
    r"Give a valid decimal": "请给出小数或整数",
    r"('.*'|\".*\") is no integer for the parameter (.+)": "参数 {1} 的值 {0} 不是整数",
    r"Give a valid integer": "请给出整数",
    r"('.*'|\".*\") is no year for the parameter (.+)": "参数 {1} 的值 {0} 不是年份",
    r"Give a valid year": "请给出年份",
    r"('.*'|\".*\") is no iri for the parameter (.+)": "参数 {1} 的值 {0} 不是标识符（IRI）",
    r"Give a valid iri": "请给出标识符（IRI）",
    r"it takes the parameter (.+) once only": "参数 {0} 只能给一次",
    r"Leave it out": "请去掉它",
    r"Its parameters: (.+)": "它的参数：{0}",
    r"only named queries take parameters": "只有命名查询才有参数",
    r"Write them into the query": "请直接写进查询里",
    r"it is not valid SPARQL: line (\d+), column (\d+): (.+) is not expected here": (
        "不是有效的 SPARQL：第{0}行第{1}列：这里不应出现 {2}"
    ),
    r"it is not valid SPARQL: line (\d+), column (\d+): the prefix (.+) is not declared": (
        "不是有效的 SPARQL：第{0}行第{1}列：前缀 {2} 没有声明"
    ),
    r"it is not valid SPARQL: line (\d+), column (\d+): the IRI (.+) is relative and there is no BASE": (
        "不是有效的 SPARQL：第{0}行第{1}列：{2} 是相对的 IRI，又没有 BASE"
    ),
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
    # pictures of pages, and the files they are drawn from
    r"a file of the format (\w+) has no pages to draw": "{0} 格式的文件没有可截图的页面",
    r"the place has no page": "该处没有页码",
    r"See the quote, or open the file itself": "请看所引原文，或打开原始文件",
    r"Open the file itself": "请打开原始文件",
    r"it has (\d+) places": "它有 {0} 处出处",
    r"it is printed nowhere": "它没有出处",
    r"the document has (\d+) pages": "文件共 {0} 页",
    r"Ask for one of them": "请取其中之一",
    r"it is not the one that was read: it has changed since": "它已不是当时读入的文件：读入后有改动",
    r"it cannot be read \((.+)\)": "无法读取（{0}）",
    r"Check the disk and the permissions": "请检查磁盘和权限",
    r"it is damaged": "已损坏",
    r"drawing it took longer than ([\d.]+) seconds": "截图超过了 {0} 秒",
    r"drawing it needs more memory than allowed": "截图所需内存超过限额",
    r"Ask for a smaller scale": "请取较小的比例",
    r"the process that draws it broke down over it": "截图进程因它中断",
    r"(\d+) are being drawn or waited for, and no more are taken on": "已有 {0} 张在处理，不再接收",
    r"the workspace keeps no copy of it": "工作区没有保留它的副本",
    r"the workspace keeps no copy of it, and it is no longer where it was, or has changed": (
        "工作区没有保留它的副本，原处的文件也已不在或有改动"
    ),
    r"the workspace's copy of it is damaged": "工作区保留的副本已损坏",
    r"Build the document again(?: from its file)?": "请用原始文件重新读入",
    r"it cannot be written \((.+)\)": "无法写入（{0}）",
    r"Choose another file": "请换一个文件",
    r"the package mcp is not installed": "尚未安装 mcp",
    r"Install it: (pip install .+)": "请安装：{0}",
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
    r"its text does not establish the issuer": "正文没有写明公开单位",
    r"its text does not establish the kind": "正文没有写明公开类型",
    r"its text does not establish the fiscal year": "正文没有写明年度",
    r"its text does not establish the issuer and the kind": "正文没有写明公开单位和公开类型",
    r"its text does not establish the issuer and the fiscal year": "正文没有写明公开单位和年度",
    r"its text does not establish the kind and the fiscal year": "正文没有写明公开类型和年度",
    r"its text does not establish the issuer and the kind and the fiscal year": (
        "正文没有写明公开单位、公开类型和年度"
    ),
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
    subject, *parts = parts_in_chinese(what, why, cure)
    said = "。".join(part.rstrip(".。") for part in parts if part)
    end = "" if said.endswith("？") else "。"
    return f"{subject}：{said}{end}"


def parts_in_chinese(what: str, why: str, cure: str) -> tuple[str, str, str]:
    """What went wrong, why, and what to do about it, each by itself."""
    return _translated(what, _SUBJECTS), _translated(why, _SENTENCES), _translated(cure, _SENTENCES)


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

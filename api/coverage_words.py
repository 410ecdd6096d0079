"""What could not be read and why, in Chinese (未读原因的中文): the readers' sentences by their originals.

Readers write one language into the graph. A sentence that is not listed here stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["unread_in_chinese"]

_PLACES: Final[Mapping[str, str]] = {
    r"page (\d+)": "第 {0} 页",
    r"line (\d+)": "第 {0} 行",
    r"the text": "正文",
}
_SENTENCES: Final[Mapping[str, str]] = {
    # what no record holds
    r"no record holds it": "没有记录采用它",
    r"no text on it": "这一页没有文字",
    r"of no kind that is read": "不属于能读的表种",
    r"a list of purchases \(政府采购\), for which there is no record type": (
        "政府采购清单，尚无对应的记录类型"
    ),
    r"a list of meetings or courses, for which there is no record type": "会议、培训清单，尚无对应的记录类型",
    r"funds by project or cost without classification codes, for which there is no record type": (
        "按项目或费用列示、没有科目编码的资金表，尚无对应的记录类型"
    ),
    r"not one figure: (.*)": "不是单独一个数字：{0}",
    r"it runs into another figure, its row names nothing, or the header not its column": (
        "与另一数字连在一起，或所在行没有名称，或表头没有说明所在列"
    ),
    r"its row is shorter than the header": "所在行比表头短",
    r"the header does not say which column it stands in": "表头没有说明它在哪一列",
    r"the text has lost its column and no identity decides": "文字中已丢失列的位置，也没有勾稽关系能够确定",
    r"the words of the table's header are not understood": "未能理解表头文字",
    r"the table has no header": "表格没有表头",
    r"optical recognition is not sure of it": "图像识别没有把握",
    r"the file ends here and the figure prints fewer decimals than those before it": (
        "文件到此中断，这个数字的小数位比前面的少"
    ),
    r"the file ends in the middle of this sentence": "文件在这句话中间中断",
    # problems of a document
    r"(\d+) garbled character\(s\) stand in the text": "文中有 {0} 个乱码字符",
    r"(\d+) undecodable character\(s\) were left as \ufffd": "有 {0} 个字符无法解码，以 \ufffd 代替",
    r"(\d+) attached document\(s\) are only linked; read them beside this page": (
        "有 {0} 个附件只给了链接，请连同本页一并读入"
    ),
    r"(\d+) (?:embedded )?picture\(s\) hold no text and were not read": "有 {0} 幅图片没有文字，未读",
    r"(page \d+) is a picture without text(?: \(a scan\))? and was not read": (
        "{0}是没有文字的图像（扫描件），未读"
    ),
    r"(page \d+) is a picture in which no text was recognised": "{0}是图像，没有识别出文字",
    r"(page \d+) is damaged and was not read": "{0}已损坏，未读",
    r"(page \d+) has a text layer that does not say what the page shows "
    r"\(broken font encoding\) and was not read": "{0}的文字层与所见不符（字体编码损坏），未读",
    r"the file is cut off at its end: pages or parts of them may be missing": (
        "文件末尾不完整，可能缺少若干页或其中一部分"
    ),
    r"the file ends in the middle of a character: it is cut off": "文件在一个字符中间中断，不完整",
    r"(line \d+): the file ends inside this line; its last figure \((.+)\) is left out": (
        "{0}：文件在这一行中断，最后一个数字（{1}）未采用"
    ),
    r"sheet (.+) is hidden and was not read": "工作表“{0}”是隐藏的，未读",
    r"part (.+) was not read: it is damaged \((.+)\)": "“{0}”已损坏，未读（{1}）",
    r"part (.+) was not read: (.+)": "“{0}”未读：{1}",
    r"part (.+): (.+)": "“{0}”：{1}",
    r"(page \d+|line \d+|the text) repeats (page \d+|line \d+|the text) word for word; it was read once": (
        "{0}与{1}逐字重复，只读一次"
    ),
    r"repeats (page \d+|line \d+|the text) word for word; it was read once": "与{0}逐字重复，只读一次",
    r"from (page \d+|line \d+|the text) on another document begins here \((.+)\); only the first in the file "
    r"was read: split the file there to have both": (
        "自{0}起是另一份文件（{1}），只读了第一份；请从此处拆开后分别读入"
    ),
    r"another document begins here \((.+)\); only the first in the file was read": (
        "自此处起是另一份文件（{0}），只读了第一份"
    ),
    r"from (page \d+|line \d+|the text) to (page \d+|line \d+|the text) it is not clear to which of the two "
    r"documents in the file this belongs": "从{0}到{1}，不能确定属于文件中两份的哪一份",
    r"it is not clear to which of the two documents in the file this belongs": (
        "不能确定属于文件中两份的哪一份"
    ),
    r"the contents list “(.+)”, which the file does not hold": "目录中有“{0}”，文件中没有",
    r"the table(?: “(.+)”)?(?: on (page \d+))? has no header: its figures were left": (
        "没有表头的表（{0} {1}）：其中数字未采用"
    ),
    r"the last performance table \(“(.+)”\) may be cut off by the end of the file: the weights of its "
    r"indicators add up to (.+)": "最后一张绩效表（“{0}”）可能因文件中断而不完整：指标分值合计为 {1}",
    r"the fiscal year contradicts itself: the title says (\d+), (\d+) tables say (\d+); (\d+) was taken": (
        "年度前后不一：题名为 {0} 年，有 {1} 张表为 {2} 年；采用 {3} 年"
    ),
    r"the title says (\d+), (\d+) performance tables say (\d+): they may be of another document": (
        "题名为 {0} 年，有 {1} 张绩效表为 {2} 年，可能属于另一份文件"
    ),
    # a figure that was left, with the reason behind it
    r"([-−+.,%\d]+): (.+)": "{0}：{1}",
    r"(.+) \((.+)\)": "{0}（{1}）",
}


def unread_in_chinese(sentence: str) -> str:
    """A sentence about what was not read; as it is where its translation is not known."""
    for pattern, chinese in (*_PLACES.items(), *_SENTENCES.items()):
        if found := re.fullmatch(pattern, sentence, re.DOTALL):
            inner = (unread_in_chinese(each) if each else "" for each in found.groups())
            return chinese.format(*inner)
    return sentence

"""Laws, regulations, notices and plans that a document cites (《…》 with 文号).

A title counts by its kind of text, which its last word tells; books, magazines, reports,
contracts and projects also stand in 《》 and are no laws.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fiscalgraph.extract.document import Document, Paragraph, Run, Table
from fiscalgraph.extract.paragraphs import logical_paragraphs, source_at, tidy
from fiscalgraph.extract.records import Law

__all__ = ["recognise_laws"]

_LONGEST_TITLE = 150

_NUMBER = (
    r"(?P<number>[一-龥A-Za-z]{1,16}[〔\[（(【﹝［<〈]\s*(?:19|20)\d\d\s*[〕\]）)】﹞］>〉]\s*第?\s*\d{1,5}\s*号"
    r"|(?:国务院|国家主席|主席|财政部|[一-龥]{2,20})令\s*第?\s*\d{1,4}\s*号)"
)
_NUMBER_BEHIND = re.compile(rf"(?:[（(\[〔][^（()）]{{0,10}}?)?{_NUMBER}")
_ISSUED = re.compile("的通知")
_NUMBER_BEFORE = re.compile(rf"{_NUMBER}\s*$")

_ONE_ARTICLE = (
    r"第[〇零一二三四五六七八九十百千\d]{1,8}条(?:之[一二三四五六七八九十])?"
    r"(?:第?[（(]?[〇零一二三四五六七八九十\d]{1,3}[）)]?[款项])*"
)
_ARTICLE = re.compile(_ONE_ARTICLE)
# Behind a title: its number or edition in brackets, then articles.
_ARTICLES = re.compile(
    rf"(?:[（(][^（()）]{{0,40}}[）)])?[的中之]?(?P<all>(?:[、，和及与至]{{0,2}}{_ONE_ARTICLE})+)"
)

_LEAD_IN = re.compile(
    "^(?:(?:的(?:批复|通知|函)?)?(?:和|及)|按照|根据|依据|依照|参照|遵照|遵循|执行|落实|贯彻|以及|与|见|即|由)+"
)

# The tail that says of which edition a title is: （试行）, (2021-2025), （2023年版）.
_EDITION = re.compile(r"[（(〈<\[][^（()）〈〉<>]{1,20}[）)〉>\]]$")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("notice", re.compile("(?:通知|通告|公告|通报|批复|复函|的函|决定|决议|命令)$")),
    (
        "regulation",
        re.compile("(?:条例|办法|规定|细则|规则|规程|制度|准则|章程|若干措施|(?:暂行|管理)措施)$"),
    ),
    ("law", re.compile("(?:法|法典|宪法)$")),
    ("plan", re.compile("(?:规划|计划|方案|纲要|要点|预案|规划纲要|路线图|行动)$")),
    (
        "other",
        re.compile(
            "(?:意见|标准|规范|令|指引|指南|目录|清单|措施|公约|协定|议定书|宣言|基准|定额|守则|解释|政策|分类科目|导则"
            "|要求|基本条件|任务分工)$"
        ),
    ),
)
_NO_LAW = re.compile("(?:方法|书法|写法|做法|说法|看法|用法|想法|疗法|兵法)$")
# A kind of text without a name of its own (根据《实施细则》…) points back to one cited before.
_BARE_KIND = re.compile(
    "(?:实施|管理|暂行|工作|若干|补充|本)*(?:办法|细则|条例|规定|规则|制度|通知|公告|批复|意见|方案|规划|计划|纲要"
    "|指南|指引|标准|规范|目录|清单|措施|决定)"
)
# What may carry a number of its own and is no law or policy text all the same.
_NO_DOCUMENT = re.compile("(?:报告|合同|协议|协议书|证书|证|书|刊|报|杂志|汇编|选编|读本)$")
_BODY = re.compile(
    "^(?:(?:中共|中国共产党)?[一-龥、（）()]{0,60}?(?:中央|国务院|委员会|党委|省委|市委|区委|县委|人民政府|政府|办公厅|办公室"
    "|部|厅|局|委|院|会|行|署|等[一-龥\\d]{0,6}部门|等单位|等))(?=(?:印发|转发)?关于)"
)


def _titles(text: str) -> list[tuple[int, int]]:
    """Start and end (brackets excluded) of every outermost 《…》 of ``text``."""
    found: list[tuple[int, int]] = []
    depth = begin = 0
    for index, character in enumerate(text):
        if character == "《":
            if depth and index - begin > _LONGEST_TITLE:
                depth = 0  # the earlier bracket was never closed
            if depth == 0:
                begin = index + 1
            depth += 1
        elif character == "》" and depth:
            depth -= 1
            if depth == 0 and 0 < index - begin <= _LONGEST_TITLE:
                found.append((begin, index))
    return found


def _kind(title: str) -> str | None:
    """The kind of legal or policy text that ``title`` names; ``None`` for anything else."""
    core = title.rstrip("〉>")  # 关于转发〈…通知〉
    while (shorter := _EDITION.sub("", core)) != core and shorter:
        core = shorter
    if _NO_LAW.search(core):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(core)), None)


def _same_text(title: str) -> str:
    """What two citations of one text share: the title less its issuing body and full-width forms."""
    plain = title.translate(str.maketrans("〈〉（），：“”", '<>(),:""')).replace("中华人民共和国", "")
    return _BODY.sub("", re.sub(r"\s", "", plain))


def _document_number(text: str, start: int, end: int) -> str | None:
    # 关于印发《某某办法》的通知（文号）: the number of the notice is the one the text is known by.
    issued = _ISSUED.match(text, end + 1) if text[:start].endswith("印发《") else None
    behind = _NUMBER_BEHIND.match(text, issued.end() if issued else end + 1)
    before = None if behind else _NUMBER_BEFORE.search(text[max(0, start - 30) : start - 1])
    match = behind or before
    return _LEAD_IN.sub("", re.sub(r"\s", "", match["number"])) if match else None


def _articles(text: str, end: int) -> tuple[str, ...]:
    """The articles cited behind a title that ends at ``end``: 《…》（文号）第三十二条第二款和第四十条."""
    found = _ARTICLES.match(text, end + 1)
    return tuple(_ARTICLE.findall(found["all"])) if found else ()


def recognise_laws(document: Document) -> tuple[Law, ...]:
    """Each cited law or policy text once, with its mentions: running text first, then table cells.

    Citations with and without the issuing body in the title count as one text; a 文号
    printed with any of the mentions is the text's.
    """
    laws: dict[str, Law] = {}
    for paragraph in _texts(document):
        text = paragraph.text
        for start, end in _titles(text):
            title = text[start:end]
            number = _document_number(text, start, end)
            if _BARE_KIND.fullmatch(title):
                continue
            kind = _kind(title) or ("other" if number and not _NO_DOCUMENT.search(title) else None)
            if kind is None:
                continue
            key = _same_text(title)
            known = laws.get(key)
            if known is None:
                stop = min(len(text), end + 1 + (len(number) + 2 if number else 0))
                source = source_at(paragraph, start - 1, stop)
                laws[key] = Law(title, number, kind, 1, source, _articles(text, end))
            else:
                laws[key] = replace(
                    known,
                    mentions=known.mentions + 1,
                    document_number=known.document_number or number,
                    articles=tuple(dict.fromkeys((*known.articles, *_articles(text, end)))),
                )
    return tuple(laws.values())


def _texts(document: Document) -> list[Paragraph]:
    """All text that may cite: logical paragraphs first, then table cells."""
    cells = [
        Paragraph((Run(tidy(cell.text), cell.place),))
        for block in document.blocks
        if isinstance(block, Table)
        for cell in block.cells
        if "《" in cell.text
    ]
    return logical_paragraphs(document) + cells

"""Who published what for which year (发布单位, 公开类型, 年度).

The document's own words decide: title lines, captions above tables (部门：…), labelled
cells (部门名称 | …), headings of its parts. Each is a vote; the file's name says nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

from fiscalgraph.extract.document import Document, Paragraph, Place
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.paragraphs import logical_paragraphs, tidy
from fiscalgraph.extract.recognise.labels import labelled_bodies
from fiscalgraph.extract.recognise.names import is_abbreviation, is_fragment, is_relative, public_body
from fiscalgraph.extract.records import DocumentIdentity, Source

__all__ = ["named_bodies", "recognise_identity"]

_FRONT_LINES = 14
_SHORT = 60

# "2023年度", "(2, 023年度)", "2026部门预算"; never the month of a date.
_YEAR = re.compile(
    r"(?<!\d)2[,，]?0[,，]?(?P<tail>[1-4]\d)(?!\d)(?:年(?!\d{1,2}月|[一二三四五六七八九十]{1,2}月)度?|（年度）|(?=(?:部门|单位)(?:预算|决算)))"
)
_NUMERALS = {"○": "0", "零": "0", **{character: str(n) for n, character in enumerate("〇一二三四五六七八九")}}
_WRITTEN_YEAR = re.compile(r"二[〇○零][一二三四][〇○零一二三四五六七八九](?=年)")  # 二〇二四年
_BUDGET_OR_ACCOUNTS = (
    r"(?:(?:市|区|县|省|州|中央)本?级)?(?P<level>部门|单位)?(?:综合|汇总)?(?:收支)?(?P<what>预算|决算)"
    r"(?:信息)?(?:公开)?(?:报表|报告|表|情况)?(?:的|及)?(?:有关|相关)?(?:情况)?(?:公开)?(?:的)?(?:说明|文本|草案|套表|公开)?"
)
_TITLE_TAIL = re.compile(rf"{_BUDGET_OR_ACCOUNTS}(?:[（(][^（()）]*[）)])?$")
_PERFORMANCE_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("绩效评价报告", re.compile("绩效(?:再)?评价(?:报告|结果)|评价报告$")),
    ("绩效自评", re.compile("绩效(?:目标)?自评")),
    ("绩效目标表", re.compile("绩效目标(?:[一-龥]{0,4})?表")),
)
_CAPTION = re.compile(
    r"(?<!项目)(?<!项目主管)(?<!实施)(?<!使用)(?<!承担)(?<!评价)(?:(?:编报|编制|填报|公开|预算|决算|报送|申报|填表)?(?:主管)?(?:部门|单位)(?:[（(]单位[）)]|[（(]部门[）)])?(?:名称|全称)?)(?:[（(](?:盖章|公章|公开)[）)])?[:：](?P<name>[^:：]{3,60}?)"
    r"(?=(?:金额)?单位[:：]|单位[:：]|\d{4}年|编制日期|$)"
)
_PART_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]{1,2}部分|[一二三四五六七八九十]{1,2}、)?(?P<name>[^，。；：:]{3,45}?)(?:概况|基本情况|主要职能|主要职责|部门职责|机构设置|"
    r"(?=20\d\d年度?(?:(?<=度)$|部门|单位|本级|预算|决算|收入|支出|收支|财政|一般公共|政府性|国有资本|“?三公|整体|绩效|机关运行)))"
)
_OPENING = re.compile(
    r"(?:^|。)(?P<name>[一-龥（）()]{4,40}?)(?=贯彻落实|的?主要(?:职责|职能)|内设|下设|(?:下属|所属)(?:\d|[一-龥]{0,4}单位)"
    r"|(?:是|属于)[^，。]{0,24}(?:部门|机构|单位|机关)[，。]|（(?:以下)?简称)"
    r"|(?:^|[。，])(?P<divided>[一-龥（）()]{4,40}?)(?=(?:下|内)?设(?:有|立)?(?:\d|[一-龥]{1,3}个))"
)
_SENTENCE = re.compile(
    r"(?:^|。|，)(?P<name>[一-龥（）()]{3,40}?)(?:部门)?(?=20\d\d年度?(?:部门|单位)?(?:收入|支出|收支|收、支|财政拨款|一般公共预算|决算|预算|本年))"
)
_YEAR_FIRST = re.compile(
    r"(?:^|。)20\d\d年度?(?P<name>[一-龥（）()]{3,40}?)(?:部门)?(?=政府采购|机关运行经费|收入|支出|财政拨款|一般公共预算)"
)
_ATTACHED = re.compile(r"附件\d*[:：](?P<title>.+)")
_TABLE_OF = re.compile(
    r"(?P<name>[一-龥（）()]{3,40}?)(?:20\d\d年度?)?(?:部门|单位)?(?:收入|支出|收支|财政拨款|一般公共预算)[^，。]*表$"
)
_EVALUATOR = re.compile(r"(?:^|[，。])(?P<name>[一-龥]{4,30}?)(?:绩效)?评价(?:工作)?小?组(?:对|于20)")
_AMOUNT_UNIT = re.compile(r"(?:金额)?单位[:：](?:人民币)?(?P<unit>亿元|百万元|万元|千元|元)")
_HEADER_UNIT = re.compile(r"[（(](?:单位[:：])?(?P<unit>亿元|万元|千元|元)[）)]")
_TEXT_UNIT = re.compile(r"\d(?P<unit>亿元|万元|元)")
_FINAL = re.compile("(?:部门|单位|收入|支出|收支)[一-龥]{0,6}(?<!预)决算|(?<!预)决算(?:总)?表|决算数")
_BUDGET = re.compile(
    "(?:部门|单位)(?:综合)?预算(?!绩效|编码|支出|资金|执行|金额|单位)|收支(?:预算)?总表|预算\\d{2}表|预算收支"
)
_PAGE_NUMBER = re.compile(r"[-—–－]*\d{1,3}[-—–－]*")
_DATE_LINE = re.compile(r"(?:20\d\d|二[〇○零]二?[〇○零一二三四五六七八九])年.{1,3}月(?:.{1,3}日)?")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    place: Place
    in_table: bool = False


_WEAK = frozenset({"sentence", "opening", "table", "heading"})  # evidence that may speak of another body
_ENOUGH = 2.0  # weight of weak evidence that stands alone


@dataclass(slots=True)
class _Votes:
    """Weighted votes and where the first of each stands."""

    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    first: dict[str, _Line] = field(default_factory=dict)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, value: str, weight: float, line: _Line, kind: str, at_most: int = 6) -> None:
        """One vote; of one ``kind`` of evidence at most ``at_most`` votes count for a value."""
        self.counted[value, kind] += 1
        if self.counted[value, kind] <= at_most:
            self.weights[value] += weight
            self.first.setdefault(value, line)

    def best(self) -> str | None:
        """The value with most weight; of equals the one found first."""
        return max(self.weights, key=lambda value: self.weights[value], default=None)


def _lines(document: Document) -> list[_Line]:
    """Every printed line, and of tables the cells that may hold a title or a caption."""
    lines: list[_Line] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(_Line(_WRITTEN_YEAR.sub(_digits, tidy(block.text)), block.place))
        else:
            lines += [
                _Line(_WRITTEN_YEAR.sub(_digits, tidy(cell.text)), cell.place, True)
                for cell in block.cells
                if cell.row < 4 and cell.text.strip() and len(cell.text) <= 2 * _SHORT
            ]
    return [line for line in lines if line.text]


def _digits(match: re.Match[str]) -> str:
    return "".join(_NUMERALS[character] for character in match.group())


def _year(match: re.Match[str]) -> str:
    return "20" + match["tail"]


def _front(lines: list[_Line]) -> list[_Line]:
    """The lines of the title page: those before the table of contents, at most a few."""
    front: list[_Line] = []
    for line in [line for line in lines if not _PAGE_NUMBER.fullmatch(line.text)][:_FRONT_LINES]:
        if (
            re.fullmatch("目录|目次", line.text)
            or re.match("第一部分|[一二三四五六七八九十]{1,3}、", line.text)
            or len(line.text) > 120
        ):
            break
        front.append(line)
    return front


def _title_name(text: str) -> str | None:
    """The public body in a title, less year and what follows it."""
    rest = re.sub(r"^附件\d*[:：]?", "", text)
    rest = _YEAR.sub("", rest)
    tail = _TITLE_TAIL.search(rest)
    if tail is None:
        return None
    return public_body(rest[: tail.start()])


@dataclass(slots=True)
class _Evidence:
    names: _Votes = field(default_factory=_Votes)
    years: _Votes = field(default_factory=_Votes)
    kinds: _Votes = field(default_factory=_Votes)


def _read_titles(front: list[_Line], evidence: _Evidence) -> None:
    """Votes of the title page, whose title may be broken into up to four lines."""
    spent = 0
    for begin in range(len(front)):
        if begin < spent:
            continue
        for end in range(begin + 1, min(begin + 4, len(front)) + 1):
            # Not all lines before a title belong to it: as many as make a name.
            texts = {start: "".join(line.text for line in front[start:end]) for start in range(begin, end)}
            first = next((start for start, text in texts.items() if _title_name(text)), begin)
            if len(texts[first]) > 90 or not _title(texts[first], front[first], evidence):
                continue
            spent = end
            break
    titled = evidence.kinds.best()
    if titled is not None and titled.endswith(("预算", "决算")) and not evidence.names.weights:
        for line in front:  # the name stands below the title
            name = public_body(_YEAR.sub("", line.text))
            if name is not None:
                evidence.names.add(name, 10, line, "front", 1)
    for line in front:
        for match in _CAPTION.finditer(line.text):
            name = public_body(match["name"])
            if name is not None:
                evidence.names.add(name, 12, line, "front caption", 1)


def _title(text: str, line: _Line, evidence: _Evidence) -> bool:
    """Votes of ``text`` if it is a title of a budget, of final accounts or of a performance document."""
    performance = next((kind for kind, pattern in _PERFORMANCE_TITLES if pattern.search(text)), None)
    tail = _TITLE_TAIL.search(text)
    year = _YEAR.search(text)
    if performance is not None and (tail is None or not tail["level"]):
        evidence.kinds.add(performance, 10, line, "title", 1)
        if year is not None:
            evidence.years.add(_year(year), 10, line, "title", 1)
        return True
    if tail is None or (year is None and tail["level"] is None):
        return False
    evidence.kinds.add((tail["level"] or "") + tail["what"], 10, line, "title", 2)
    if year is not None:
        evidence.years.add(_year(year), 10, line, "title", 2)
    name = _title_name(text)
    if name is not None:
        evidence.names.add(name, 10, line, "title", 2)
    return True


def _read_lines(lines: list[_Line], evidence: _Evidence) -> None:
    """Votes of captions, headings and sentences anywhere in the document."""
    for line in lines:
        text = line.text
        for match in _CAPTION.finditer(text):
            name = public_body(match["name"]) if len(text) <= 100 else None
            if name is not None:
                evidence.names.add(name, 2, line, "caption")
        if len(text) <= _SHORT:
            heading = _PART_HEADING.match(text)
            name = public_body(heading["name"]) if heading is not None else None
            if name is not None:
                evidence.names.add(name, 3, line, "heading", 3)
            titled = _TABLE_OF.match(text)
            name = public_body(titled["name"]) if titled is not None else None
            if name is not None:
                evidence.names.add(name, 1, line, "table", 3)
            for match in _YEAR.finditer(text):
                if re.search("预算|决算|表|说明|概况", text) or re.match(
                    r"[（(]?20\d\d(?:年度?[）)]?$|年度[）)]|（年度）)", text
                ):
                    evidence.years.add(_year(match), 2, line, "heading", 20)
            if re.fullmatch(r"[（(]2[,，]?0[,，]?\d\d年度?[）)]", text):
                evidence.years.add("20" + re.sub(r"\D", "", text)[2:4], 2, line, "caption", 20)


def _read_sentences(lines: list[_Line], evidence: _Evidence) -> None:
    """Votes of whole sentences: a printed line may begin in the middle of a name."""
    for line in lines:
        for match in _OPENING.finditer(line.text):
            name = public_body(match["name"] or match["divided"])
            if name is not None:
                evidence.names.add(name, 2 if match["name"] else 1, line, "opening", 3)
        for pattern in (_SENTENCE, _YEAR_FIRST):
            for match in pattern.finditer(line.text):
                name = public_body(match["name"])
                if name is None:
                    continue
                evidence.names.add(name, 1, line, "sentence")
                year = _YEAR.search(line.text, match.start())
                if year is not None:
                    evidence.years.add(_year(year), 1, line, "sentence", 10)
        attached = _ATTACHED.match(line.text)
        name = _title_name(attached["title"]) if attached is not None else None
        if name is not None:
            evidence.names.add(name, 3, line, "attached", 1)


def _sentences(document: Document, lines: list[_Line]) -> list[_Line]:
    """The logical paragraphs, and the cells that are read as lines."""
    written = [
        _Line(_WRITTEN_YEAR.sub(_digits, paragraph.text), paragraph.place)
        for paragraph in logical_paragraphs(document)
    ]
    return written + [line for line in lines if line.in_table]


def _issuer(votes: _Votes, text: str) -> str | None:
    """The name with most weight that is neither the torn half of a word nor known by hearsay alone.

    An abbreviation gives way to the full name where that is printed.
    """
    strong = {name for name, kind in votes.counted if kind not in _WEAK}
    names = [
        name
        for name in votes.weights
        if name in strong or (votes.weights[name] >= _ENOUGH and not is_fragment(name, text))
    ]
    best = max(names, key=lambda name: votes.weights[name], default=None)
    if best is None or (best in strong and not is_relative(best)):
        return best
    fuller = [name for name in votes.weights if is_abbreviation(best, name) and not is_relative(name)]
    return max(fuller, key=lambda name: votes.weights[name], default=best)


def _kind(evidence: _Evidence, lines: list[_Line]) -> str | None:
    """The kind of disclosure; where titles say only 预算 or 决算, the short lines tell whose."""
    titled = evidence.kinds.best()
    if titled is not None and titled not in ("预算", "决算"):
        return titled
    short = [line.text for line in lines if len(line.text) <= _SHORT]
    final = sum(1 for text in short if _FINAL.search(text))
    budget = sum(1 for text in short if _BUDGET.search(text))
    if titled is None and not final and not budget:
        return None
    what = titled or ("决算" if final > budget else "预算")
    pattern = (
        rf"(?<!预算)(?<!审计)(部门|单位)(?:(?:综合)?(?:{what}|收支总表|收入总表|支出总表)"
        r"|整体(?:支出)?绩效|）?(?:概况|主要职[能责]|机构设置))"
    )
    whose = Counter(re.findall(pattern, "\n".join(line.text for line in lines)))
    return ("单位" if whose["单位"] > whose["部门"] else "部门") + what


def _fiscal_year(document: Document, evidence: _Evidence) -> str | None:
    """The year most evidence speaks for; in want of any, the only one the text calls a 年度."""
    votes = evidence.years
    best = votes.best()
    if best is not None:
        titled = [year for year in votes.weights if votes.counted[year, "title"]]
        return best if titled == [best] or votes.weights[best] * 2 > sum(votes.weights.values()) else None
    text = _whole_text(document)
    mentioned = Counter(_year(match) for match in _YEAR.finditer(text))
    fiscal = Counter(_year(match) for match in _YEAR.finditer(text) if match.group().endswith("度"))
    if not mentioned or not fiscal:
        return None
    year, count = fiscal.most_common(1)[0]
    agreed = count >= 2 and count * 5 >= fiscal.total() * 4
    return year if agreed and mentioned.most_common(1)[0][0] == year else None


def _whole_text(document: Document) -> str:
    """All text, a line for each paragraph and cell."""
    parts = [
        tidy(text)
        for block in document.blocks
        for text in (
            (block.text,) if isinstance(block, Paragraph) else tuple(cell.text for cell in block.cells)
        )
    ]
    return "\n".join(parts)


def _amount_unit(document: Document, lines: list[_Line]) -> str | None:
    """The unit that most captions print; else that of headers, else that of the text."""
    text = "\n".join(line.text for line in lines)
    for pattern, searched in (
        (_AMOUNT_UNIT, text),
        (_HEADER_UNIT, text),
        (_TEXT_UNIT, _whole_text(document)),
    ):
        units = Counter(match["unit"] for match in pattern.finditer(searched))
        if units:
            return max(units, key=lambda unit: units[unit])
    return None


def _signature(lines: list[_Line], evidence: _Evidence) -> None:
    """An evaluation report is signed by who publishes it: a name above a date, or "…制" on its cover.

    Or it begins with whose working group has evaluated.
    """
    for line, following in pairwise(lines):
        name = public_body(line.text) if _DATE_LINE.fullmatch(following.text) else None
        if name is not None:
            evidence.names.add(name, 12, line, "signature", 1)
    for line in lines[:_FRONT_LINES]:
        name = public_body(line.text.removesuffix("印制").removesuffix("制"))
        if name is not None and line.text.endswith("制"):
            evidence.names.add(name, 12, line, "imprint", 1)
    for line in lines:
        for match in _EVALUATOR.finditer(line.text):
            name = public_body(match["name"])
            if name is not None:
                evidence.names.add(name, 6, line, "evaluator", 1)


def named_bodies(document: Document) -> list[tuple[int, str]]:
    """Which block (by position) says that it is about which public body: by its captions, headings,
    and sentences that begin with one and go on about its money."""
    found: list[tuple[int, str]] = []
    for position, block in enumerate(document.blocks):
        for line in _lines(replace(document, blocks=(block,))):
            matches = list(_CAPTION.finditer(line.text)) if len(line.text) <= 100 else []
            if len(line.text) <= _SHORT and (heading := _PART_HEADING.match(line.text)):
                matches.append(heading)
            matches += _SENTENCE.finditer(line.text)
            if len(line.text) <= _SHORT and (titled := _TABLE_OF.match(line.text)):
                matches.append(titled)
            names = {name for match in matches if (name := public_body(match["name"])) is not None}
            found += [(position, name) for name in sorted(names)]
    return found


def recognise_identity(document: Document) -> DocumentIdentity:
    """Issuer, kind and fiscal year of ``document``, with the unit of most of its amounts.

    Raises :class:`RefusedDocument` when the text does not establish one of the three.
    """
    lines = _lines(document)
    evidence = _Evidence()
    _read_titles(_front(lines), evidence)
    _read_lines(lines, evidence)
    sentences = _sentences(document, lines)
    _read_sentences(sentences, evidence)
    for name, quote, place in labelled_bodies(document):
        evidence.names.add(name, 3, _Line(quote, place), "label")
    kind = _kind(evidence, lines)
    if kind == "绩效评价报告":
        _signature(lines, evidence)
    if kind is None:
        kind = next(
            (name for line in lines for name, title in _PERFORMANCE_TITLES if title.search(line.text)), None
        )
    issuer = _issuer(evidence.names, "\n".join(line.text for line in sentences))
    year = _fiscal_year(document, evidence)
    missing = [
        what for what, value in (("issuer", issuer), ("kind", kind), ("fiscal year", year)) if value is None
    ]
    if issuer is None or kind is None or year is None:
        raise RefusedDocument(
            document.file_name,
            f"its text does not establish the {' and the '.join(missing)}",
            "Check that the whole document was published, title page and table captions included",
        )
    line = evidence.names.first[issuer]
    place = line.place
    return DocumentIdentity(
        document=document.name,
        issuer=issuer,
        kind=kind,
        fiscal_year=int(year),
        amount_unit=_amount_unit(document, lines),
        pages=document.pages,
        sha256=document.sha256,
        file_name=document.file_name,
        format=document.format,
        source=Source(line.text[:200], place.page, place.line, place.box, place.part),
    )

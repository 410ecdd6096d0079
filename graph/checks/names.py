"""One thing under two names: units, projects and tables whose names differ by a few characters."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from fiscalgraph.extract.records import DisclosureRecords, Source, SpendingLine, TotalLine
from fiscalgraph.graph.checks.results import Check, CheckResult, Compared, Side, Verdict

__all__ = ["NAME_CHECKS"]

_MOST_INSERTED = 4
_LEAST_COMMON = 8
# Words that tell two bodies or tables apart rather than spell one differently.
_TELLING = re.compile(
    r"[一二三四五六七八九十\d东西南北中上下新老第]|分|副|高级|初级|中等|高等|本级|直属|机关|项目|政府|国有|部门|单位|离退休|附属|收入|决算|预算|情况|总体"
)
# And those that tell two regulations apart; particles are no difference worth a line.
_TELLING_OF_TITLES = re.compile(
    r"资金|经费|费|暂行|试行|细则|实施|专项|修订|补充|省|市|县|区|州|国|方案|规划|[（）()]|^[的和与及、]+$"
)
_MOST_CHANGED = 2
_LEAST_TITLE, _LEAST_REPLACED = 20, 28
_SHOWN_BEFORE = 2
_TITLE = re.compile(r"《(?P<title>[^《》]{20,80})》")
_PROSE_OF_TABLES = ("goal", "outcome", "conclusion")
_QUOTED_PROJECT = re.compile(r"[“\"](?P<name>[^“”\"]{4,40})[”\"](?=项目|资金)")
_FIGURE = re.compile(r"[\d%≥≤＝=]")
_DECORATION = re.compile(r"[“”\"（）()《》\s]|项目$|^\d{4}年度?|专项资金$")


def _inserted(short: str, long: str) -> str | None:
    """What stands in ``long`` beyond ``short``, if that is one run of characters."""
    if not 0 < len(long) - len(short) <= _MOST_INSERTED or len(short) < _LEAST_COMMON:
        return None
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    extra = len(long) - len(short)
    return long[start : start + extra] if short[start:] == long[start + extra :] else None


def _two_names(
    check: str, left: str, right: str, detail: str, records: tuple[Compared, Compared]
) -> CheckResult:
    first, second = records
    return CheckResult(check, Verdict.CONTRADICTS, Side.of(left, first), Side.of(right, second), detail)


def _place(source: Source) -> tuple[object, ...]:
    return source.part, source.page, source.quote


def unit_names(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A unit that two lists of the document spell differently; two names of one list are two units."""
    units = list({unit.unit: unit for unit in records.units}.values())
    for short in units:
        for long in units:
            extra = _inserted(short.unit, long.unit)
            if extra is None or _TELLING.search(extra) or _place(short.source) == _place(long.source):
                continue
            if short.relation != long.relation or long.unit.startswith(short.unit):
                continue
            detail = f"同一单位名称不一：“{short.unit}”与“{long.unit}”"
            yield _two_names("unit-names", short.unit, long.unit, detail, (short, long))


def project_names(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A project that prose quotes by a name a little different from that of its table."""
    tables = {
        _DECORATION.sub("", project.project): project
        for project in records.projects
        if project.project and set(project.sources) - {"narrative"}
    }
    seen: set[tuple[str, str]] = set()
    for claim in records.statements:
        if claim.kind != "quoted_name":
            continue
        name = _DECORATION.sub("", claim.printed)
        if name in tables or len(name) < 6:
            continue
        alike = [own for own in tables if _one_edit(name, own)]
        if len(alike) == 1 and (claim.printed, alike[0]) not in seen:
            seen.add((claim.printed, alike[0]))
            project = tables[alike[0]]
            detail = f"同一项目名称不一：“{claim.printed}”与“{project.project}”"
            yield _two_names("project-names", claim.printed, project.project, detail, (claim, project))


def own_project_name(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A conclusion that quotes the name of its own project with other characters."""
    projects = {project.occurrence: project for project in records.projects}
    others = {_DECORATION.sub("", project.project) for project in records.projects}
    for claim in records.statements:
        if claim.kind != "conclusion" or claim.occurrence not in projects:
            continue
        project = projects[claim.occurrence]
        own = _DECORATION.sub("", project.project)
        for match in _QUOTED_PROJECT.finditer(claim.printed):
            name = _DECORATION.sub("", match["name"])
            if name not in others and len(own) >= _LEAST_COMMON and _one_edit(name, own):
                detail = f"项目名称为“{project.project}”，自评结论称“{match['name']}”"
                yield _two_names("own-project-name", project.project, match["name"], detail, (project, claim))


def indicator_names(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A target that repeats its indicator's name with one word replaced by another."""
    for indicator in records.indicators:
        name, target = indicator.level3 or "", indicator.target or ""
        if min(len(name), len(target)) < _LEAST_COMMON or len(name) != len(target):
            continue
        replaced = [(a, b) for a, b in zip(name, target, strict=True) if a != b]
        if 0 < len(replaced) <= 2 and not any(_FIGURE.search(a + b) for a, b in replaced):
            detail = f"同一指标：三级指标为“{name}”，年度指标值为“{target}”"
            yield _two_names("indicator-names", name, target, detail, (indicator, indicator))


def _one_edit(left: str, right: str) -> bool:
    """Whether two names differ in one place by at most two characters that tell nothing apart."""
    changed = [
        block
        for block in SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    if len(changed) != 1:
        return False
    _, a, b, c, d = changed[0]
    return b - a <= 2 and d - c <= 2 and not _TELLING.search(left[a:b] + right[c:d])


def table_titles(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A table's title against the contents list, where the list names it a little differently."""
    listed = {claim.printed: claim for claim in records.statements if claim.kind == "caption"}
    lines: tuple[SpendingLine | TotalLine, ...] = (*records.spending[::-1], *records.totals[::-1])
    titles = {line.table: line for line in lines}
    for title, line in titles.items():
        if title in listed:
            continue
        for name, claim in listed.items():
            if name in titles or name.startswith("附"):
                continue
            extra = _inserted(name, title) or _inserted(title, name)
            if extra is not None and not _TELLING.search(extra):
                detail = f"表名不一：目录为“{name}”，表题为“{title}”"
                yield _two_names("table-titles", title, name, detail, (line, claim))


def citation_titles(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A document that is cited by two titles which differ by a character or two.

    Short titles, and such as print different numbers (文号), are two documents. Two titles without numbers
    in one place may well be listed because they are two: a notice, and the one that carries it out. The
    sides show the titles from just before the difference on.
    """
    cited: dict[str, tuple[Compared, str | None]] = {
        law.title: (law, law.document_number) for law in records.laws if len(law.title) >= _LEAST_TITLE
    }
    for claim in records.statements:
        if claim.kind in _PROSE_OF_TABLES:
            for match in _TITLE.finditer(claim.printed):
                cited.setdefault(match["title"], (claim, None))
    titles = list(cited)
    for at, first in enumerate(titles):
        for second in titles[at + 1 :]:
            (one, number), (other, another) = cited[first], cited[second]
            start = _difference(first, second)
            if start is not None and len({number, another} - {None}) < 2:
                shown = max(0, start - _SHOWN_BEFORE)
                detail = f"同一文件名称不一：《{first}》与《{second}》"
                found = _two_names("citation-titles", first[shown:], second[shown:], detail, (one, other))
                if number is None and another is None and _beside(one.source, other.source):
                    detail = f"同处并列引用、均未印文号，或为两份文件：《{first}》与《{second}》"
                    found = dataclasses.replace(found, verdict=Verdict.CANNOT_TELL, detail=detail)
                yield found


def _beside(one: Source, other: Source) -> bool:
    """Whether two titles are cited in one place: one page, or one line of a text."""
    return (one.part, one.page, one.line) == (other.part, other.page, other.line)


def _difference(first: str, second: str) -> int | None:
    """Where two titles of one document differ; ``None`` for one title, or those of two documents."""
    if abs(len(first) - len(second)) > _MOST_CHANGED:
        return None
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    if len(changed) != 1:
        return None
    _, a, b, c, d = changed[0]
    words = first[a:b] + second[c:d]
    if max(b - a, d - c) > _MOST_CHANGED or _TELLING.search(words) or _TELLING_OF_TITLES.search(words):
        return None
    replaced = b > a and d > c
    return a if min(len(first), len(second)) >= (_LEAST_REPLACED if replaced else _LEAST_TITLE) else None


NAME_CHECKS: tuple[Check, ...] = (
    unit_names,
    project_names,
    own_project_name,
    indicator_names,
    table_titles,
    citation_titles,
)

"""Issues as an Excel workbook: the list, issues by departments, members, measures, indicators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from fiscalgraph.api.issue_book import OUTCOMES, IssueView, KnownMember
from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.issue_stakes import ITEM_MARK, explained_once
from fiscalgraph.graph.workbooks import SheetLayout, write_workbook
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, SKOS

__all__ = [
    "ISSUE_COLUMNS",
    "MEMBER_COLUMNS",
    "issue_headings",
    "issue_rows",
    "member_headings",
    "member_rows",
    "write_issues",
]


class _Column(NamedTuple):
    """A column by its name in CSV files, its Chinese heading, and its width in a sheet."""

    name: str
    zh: str
    width: int
    look: str = ""  # wrapped, right or money


_ISSUES: Final = (
    _Column("label", "共性问题", 34, "wrapped"),
    _Column("side", "侧别", 7),
    _Column("type", "原因类型", 18, "wrapped"),
    _Column("type_share", "归类成员占比", 8, "right"),
    _Column("departments", "部门数", 7, "right"),
    _Column("department_names", "部门", 36, "wrapped"),
    _Column("regions", "地区", 16, "wrapped"),
    _Column("years", "年度", 11, "wrapped"),
    _Column("passages", "表述数", 7, "right"),
    _Column("projects", "所涉项目数", 8, "right"),
    _Column("budget", "所涉项目预算（元）", 19, "money"),
    _Column("projects_with_budget", "其中有预算数的项目数", 10, "right"),
    _Column("unspent", "未用金额（元）", 19, "money"),
    _Column("projects_with_unspent", "其中能算未用金额的项目数", 10, "right"),
    _Column("points_lost", "扣分", 8, "right"),
    _Column("measures", "对应措施数", 8, "right"),
    _Column("met", "次年达标", 7, "right"),
    _Column("repeated", "次年再次未达标", 8, "right"),
    _Column("dropped", "次年不再设置", 8, "right"),
    _Column("unknown", "次年无法判断", 8, "right"),
    _Column("specificity", "具体程度", 8, "right"),
    _Column("definition", "定义（代表性表述）", 50, "wrapped"),
    _Column("issue", "标识符", 20),
)
_MEMBERS: Final = (
    _Column("label", "共性问题", 30, "wrapped"),
    _Column("department", "部门", 22, "wrapped"),
    _Column("organization", "发布单位", 22, "wrapped"),
    _Column("region", "地区", 12),
    _Column("year", "年度", 7, "right"),
    _Column("text", "表述", 60, "wrapped"),
    _Column("kind", "类别", 12),
    _Column("project", "项目", 26, "wrapped"),
    _Column("budget", "项目预算（元）", 18, "money"),
    _Column("unspent", "未用金额（元）", 18, "money"),
    _Column("score", "符合程度", 8, "right"),
    _Column("specificity", "具体程度", 8, "right"),
    _Column("document", "文件", 28, "wrapped"),
    _Column("page", "页", 6, "right"),
    _Column("line", "行", 7, "right"),
    _Column("quote", "原文", 60, "wrapped"),
    _Column("issue", "标识符", 20),
    _Column("passage", "表述（IRI）", 30),
)
_MEASURES: Final = (
    _Column("label", "共性问题", 30, "wrapped"),
    _Column("department", "发布单位", 22, "wrapped"),
    _Column("year", "年度", 7, "right"),
    _Column("cause", "原因", 50, "wrapped"),
    _Column("measure", "措施", 50, "wrapped"),
    _Column("ground", "对应依据", 14),
    _Column("score", "对应评分", 8, "right"),
    _Column("document", "文件", 28, "wrapped"),
    _Column("page", "页", 6, "right"),
    _Column("line", "行", 7, "right"),
    _Column("quote", "原文", 50, "wrapped"),
    _Column("issue", "标识符", 20),
)
_INDICATORS: Final = (
    _Column("label", "共性问题", 30, "wrapped"),
    _Column("department", "发布单位", 22, "wrapped"),
    _Column("year", "年度", 7, "right"),
    _Column("project", "项目", 26, "wrapped"),
    _Column("indicator", "指标", 26, "wrapped"),
    _Column("target", "指标值", 16, "wrapped"),
    _Column("actual", "完成值", 16, "wrapped"),
    _Column("points_lost", "扣分", 8, "right"),
    _Column("outcome", "次年结果", 12),
    _Column("document", "文件", 28, "wrapped"),
    _Column("page", "页", 6, "right"),
    _Column("line", "行", 7, "right"),
    _Column("issue", "标识符", 20),
)
_OF_TYPES: Final = {
    "共性问题": "原因类型",
    "原因类型": "大类",
    "部门×问题": "部门×原因类型",
    "归类成员占比": "归类占比",
}
"""Chinese words for what is said of issues, where the rows are types of causes."""

ISSUE_COLUMNS: Final = tuple(column.name for column in _ISSUES)
MEMBER_COLUMNS: Final = tuple(column.name for column in _MEMBERS)

_SHEETS: Final = {
    "issues": "共性问题",
    "matrix": "部门×问题",
    "members": "成员表述",
    "measures": "对应措施",
    "indicators": "未达标指标",
    "notes": "说明",
}
_NOTE_ON_ISSUES: Final = (
    "共性问题",
    "由程序从各部门陈述的原因、措施中聚类得出，不是文件所印；名称和定义取自成员表述。请以“成员表述”中的原文和出处为准。",
    "Issues are found by a program among stated causes and measures; they are printed in no document. "
    "Rely on the words and places in the sheet of members.",
)
_NOTE_ON_TYPES: Final = (
    "原因类型",
    "由程序按原因分类把各部门陈述的原因归入，不是文件所印；一处表述可属多个类型，也可不属任何类型，符合程度即归类可信度。请以“成员表述”中的原文和出处为准。",
    "A program assigns stated causes to the types of a scheme; no document prints them. A passage may be of "
    "several types or of none; scores are the confidence. Rely on the words and places in the sheet of "
    "members.",
)
_NOTES: Final = (
    (
        "金额",
        "所涉项目每个财政年度计一次；部门整体绩效不计为项目。只加能够确定的项目，个数见旁列；未印金额或所印不一致的不计入。"
        "各行可能涉及同一项目，金额不可相加。",
        "Projects count once in each fiscal year; a department's report on itself is no project. Only "
        "amounts that can be told are added, of as many projects as stand beside them. Rows may share "
        "projects: do not add them.",
    ),
    (
        "部门×问题、部门×原因类型",
        "数字为该部门（含所属单位）陈述该问题（原因）的表述数；空白表示未见陈述，不表示没有问题。",
        "Numbers of passages by department, its units included; empty: not stated, which is not the same as "
        "not there.",
    ),
    (
        "次年结果",
        "只看成员所说明的未达标指标；须有同一项目的次年文件才能判断。",
        "Of the indicators that members explain and that missed their targets; it takes the next year's "
        "document.",
    ),
)


def issue_headings(language: str, *, types: bool = False) -> list[str]:
    """The headings of :func:`issue_rows`, or of those of ``types``, in ``language`` (zh or en)."""
    return _headings(_ISSUES, language, types)


def member_headings(language: str, *, types: bool = False) -> list[str]:
    """The headings of :func:`member_rows`, or of those of ``types``, in ``language`` (zh or en)."""
    return _headings(_MEMBERS, language, types)


def _headings(columns: Sequence[_Column], language: str, types: bool) -> list[str]:
    if language != "zh":
        return [column.name for column in columns]
    return [_OF_TYPES.get(column.zh, column.zh) if types else column.zh for column in columns]


def issue_rows(graph: Graph, views: Sequence[IssueView], language: str | None = None) -> Iterator[list[Any]]:
    """One row an issue, of :data:`ISSUE_COLUMNS`; amounts exact, ``None`` where they cannot be told.

    ``language``: of the names of codes; ``None``: the codes themselves.
    """
    for view in views:
        known, stake = view.issue, view.stake
        yield [
            known.called(language),
            _named(graph, "issue side", known.side, language),
            "" if known.type is None else known.type.called(language),
            None if known.type is None else known.type.share,
            len(stake.departments),
            "、".join(sorted(graph.name(iri) for iri in stake.departments)),
            "、".join(graph.name(iri) for iri in stake.regions),
            "、".join(map(str, stake.years)),
            len(view.members),
            stake.projects,
            stake.budget,
            stake.with_budget,
            stake.unspent,
            stake.with_unspent,
            stake.points_lost,
            len(view.answers),
            *(view.outcomes[outcome] for outcome in OUTCOMES),
            known.specificity,
            known.definition,
            known.id,
        ]


def member_rows(graph: Graph, views: Sequence[IssueView], language: str | None = None) -> Iterator[list[Any]]:
    """One row a member of each issue, of :data:`MEMBER_COLUMNS`; ``language`` as for :func:`issue_rows`."""
    kinds = {node.value: word for word, node in CODES["passage kind"].items()}
    for view in views:
        for member in view.members:
            passage = member.passage.partition(ITEM_MARK)[0]
            facts, place = graph.facts(passage), graph.source(passage)
            concern = member.concern
            yield [
                view.issue.called(language),
                *(
                    None if iri is None else graph.name(iri)
                    for iri in (concern.department, concern.organization, concern.region)
                ),
                concern.year,
                member.text,
                _named(graph, "passage kind", kinds.get(facts.text(FG.passageKind) or "", ""), language),
                facts.text(FG.projectName),
                concern.budget,
                concern.unspent,
                member.score,
                member.specificity,
                graph.document(concern.document).document,
                *((None, None, "") if place is None else (place.page, place.line, place.quote)),
                view.issue.id,
                member.passage,
            ]


def write_issues(
    library: Library,
    views: Sequence[IssueView],
    target: Path | BinaryIO,
    language: str = "zh",
    *,
    types: bool = False,
) -> None:
    """Write the workbook with headings in ``language`` (zh or en); the same issues give the same bytes.

    ``types``: they are types of causes.

    Raises ``ValueError`` when a cell would not hold all its text.
    """
    graph = Graph(library.store)
    departments = _departments(graph, views)
    matrix = (
        _Column("label", "共性问题", 40, "wrapped"),
        _Column("side", "侧别", 7),
        _Column("total", "合计", 7, "right"),
        *(_Column(name, name, 11, "right") for name in departments.values()),
    )
    contents: dict[str, tuple[Sequence[_Column], Iterator[list[Any]]]] = {
        "issues": (_ISSUES, issue_rows(graph, views, language)),
        "matrix": (matrix, _matrix_rows(graph, views, tuple(departments), language)),
        "members": (_MEMBERS, member_rows(graph, views, language)),
        "measures": (_MEASURES, _measure_rows(graph, views, language)),
        "indicators": (_INDICATORS, _indicator_rows(library, graph, views, language)),
    }
    frozen = {"matrix": 3}
    words = _OF_TYPES if types else {}
    names = {name: words.get(zh, zh) if language == "zh" else name for name, zh in _SHEETS.items()}
    sheets: dict[str, tuple[Sequence[str], Any]] = {
        names[name]: (_headings(columns, language, types), rows) for name, (columns, rows) in contents.items()
    }
    layouts = {names[name]: _layout(columns, frozen.get(name, 1)) for name, (columns, _) in contents.items()}
    notes = (_NOTE_ON_TYPES if types else _NOTE_ON_ISSUES, *_NOTES)
    rows = [(zh, in_chinese if language == "zh" else in_english) for zh, in_chinese, in_english in notes]
    sheets[names["notes"]] = (("项目", "说明") if language == "zh" else ("what", "note"), rows)
    layouts[names["notes"]] = SheetLayout((16, 110), wrapped=frozenset((0, 1)))
    write_workbook(target, sheets, layouts)


def _layout(columns: Sequence[_Column], frozen: int) -> SheetLayout:
    def of(look: str) -> frozenset[int]:
        return frozenset(place for place, column in enumerate(columns) if column.look == look)

    return SheetLayout(
        tuple(column.width for column in columns),
        wrapped=of("wrapped"),
        right=of("right"),
        money=of("money"),
        filtered=True,
        frozen=frozen,
    )


def _departments(graph: Graph, views: Sequence[IssueView]) -> dict[str, str]:
    """The departments of all members by IRI, in the order of their names."""
    found = {iri: graph.name(iri) for view in views for iri in view.stake.departments}
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _matrix_rows(
    graph: Graph, views: Sequence[IssueView], departments: Sequence[str], language: str
) -> Iterator[list[Any]]:
    for view in views:
        counted = Counter(member.concern.department for member in view.members)
        side = _named(graph, "issue side", view.issue.side, language)
        yield [
            view.issue.called(language),
            side,
            len(view.members),
            *(counted[iri] or None for iri in departments),
        ]


def _measure_rows(graph: Graph, views: Sequence[IssueView], language: str) -> Iterator[list[Any]]:
    for view in views:
        texts = {member.passage: member.text for member in view.members}
        for answer in view.answers:
            facts, place = graph.facts(answer.measure), graph.source(answer.measure)
            document = graph.document(facts.text(DCTERMS.isPartOf) or "")
            organization = facts.text(OBEU.organization)
            yield [
                view.issue.called(language),
                None if organization is None else graph.name(organization),
                document.fiscal_year,
                texts[answer.cause],
                answer.text,
                _named(graph, "pairing ground", answer.ground, language),
                answer.score,
                document.document,
                *((None, None, "") if place is None else (place.page, place.line, place.quote)),
                view.issue.id,
            ]


def _indicator_rows(
    library: Library, graph: Graph, views: Sequence[IssueView], language: str
) -> Iterator[list[Any]]:
    for view in views:
        for iri, lost in _indicators(view.members).items():
            facts, place = graph.facts(iri), graph.source(iri)
            document = graph.document(facts.text(DCTERMS.isPartOf) or "")
            outcome = library.issues.outcome_of(iri)
            yield [
                view.issue.called(language),
                document.issuer,
                document.fiscal_year,
                facts.text(FG.projectName),
                facts.text(FG.level3) or facts.text(FG.level2),
                facts.text(FG.target),
                facts.text(FG.actual),
                lost,
                None if outcome is None else _named(graph, "outcome", outcome, language),
                document.document,
                *((None, None) if place is None else (place.page, place.line)),
                view.issue.id,
            ]


def _indicators(members: Sequence[KnownMember]) -> dict[str, Decimal | None]:
    return explained_once(member.concern for member in members)


def _named(graph: Graph, code_list: str, word: str, language: str | None) -> str:
    """The name of a word of one of our code lists; the word itself without a language."""
    node = CODES[code_list].get(word) if language is not None else None
    return word if node is None else graph.facts(node.value).text(SKOS.prefLabel, language) or word

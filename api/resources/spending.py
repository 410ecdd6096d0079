"""What an organisation spends on what: a year's spending by 类, 款 and 项, from safe sums (功能分类支出)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.models import Resource, Words
from fiscalgraph.api.resources.money import Remark, Sum, percent, remarks_of, sums_by_key
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.extract.normalise import UNIT_FACTORS, is_figure, printed_figure
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.sums_dimensions import DIMENSIONS, WrongSum
from fiscalgraph.graph.sums_request import KeyPart, SumAnswer, SumRefused, sum_request
from fiscalgraph.ontology.terms import FG

__all__ = ["Spending", "SpendingChoice", "SpendingItem", "spending"]

_LEVELS: Final = ("class", "subclass", "item")
_PHASES: Final = ("executed", "revised", "approved", "PriorYearExecution")
"""Which phase is shown where none is asked for: the first there is."""
_SCOPES: Final = tuple(DIMENSIONS["scope"].concepts or ())  # the widest first
_DIGITS: Final = {"class": 3, "subclass": 5, "item": 7}
_NAMES: Final = {"class": "类", "subclass": "款", "item": "项"}


class SpendingChoice(Resource):
    """A year, fund scope (口径) and phase of which the spending is known by class."""

    fiscal_year: int
    scope: str
    scope_name: Words
    phase: str
    phase_name: Words


class SpendingItem(Resource):
    """What is spent on a code (类, 款 or 项), and on what in it.

    ``share`` is percent of all spending, ``None`` where a part is negative. ``rest`` marks money of the code
    above that is not broken down further. ``parts`` says whether ``items`` make up the whole, or miss it
    by no more than rounding explains.
    """

    code: str
    name: str
    iri: str
    url: str
    sum: Sum
    share: str | None
    rest: bool
    parts: Literal["equal", "rounding", "differ"] | None
    items: tuple[SpendingItem, ...]


class Spending(Resource):
    """The spending of an organisation in one year, fund scope and phase, by class (类).

    ``choices`` are all that can be asked for. Where nothing can be added safely, or nothing is known, there
    are no ``items``; ``refused`` and ``remarks`` say why.
    """

    iri: str
    name: str
    fiscal_year: int | None
    scope: str | None
    scope_name: Words | None
    phase: str | None
    phase_name: Words | None
    choices: tuple[SpendingChoice, ...]
    total: Sum | None = Field(description="As the classes add up; `null` where they must not be added")
    items: tuple[SpendingItem, ...]
    remarks: tuple[Remark, ...]
    refused: tuple[Remark, ...]


_NOTHING: Final = Remark(
    code="no_figures",
    zh="所公开的表中没有按功能分类列出的支出。",
    en="No published table states spending by function.",
)
_NOT_ASKED: Final = Remark(
    code="no_such_choice",
    zh="没有该年度、口径和阶段的功能分类支出，可选的见 choices。",
    en="There is no spending by function of that year, scope and phase; see the choices.",
)


def spending(
    library: Library, iri: str, *, year: int | None = None, scope: str | None = None, phase: str | None = None
) -> Spending:
    """The spending of the organisation of that IRI. Where ``year``, ``scope`` or ``phase`` is not given: the
    newest year, what was executed rather than planned, the widest scope."""
    graph = Graph(library.store)
    where = {"organization": [iri]}
    known = _summed(library, ("year", "phase", "scope", "class"), where)
    choices = () if not isinstance(known, SumAnswer) else tuple(_choices(known))
    chosen = _chosen(choices, year, scope, phase)
    empty = Spending(
        iri=iri,
        name=graph.name(iri),
        fiscal_year=year,
        scope=scope,
        scope_name=None,
        phase=phase,
        phase_name=None,
        choices=choices,
        total=None,
        items=(),
        remarks=(),
        refused=remarks_of(known.reasons) if isinstance(known, SumRefused) else (),
    )
    if chosen is None:
        remark = _NOT_ASKED if choices else _NOTHING
        return empty.model_copy(update={"remarks": () if empty.refused else (remark,)})
    where = {
        **where,
        "year": [str(chosen.fiscal_year)],
        "scope": [chosen.scope],
        "phase": [chosen.phase],
    }
    told = empty.model_copy(
        update={
            "fiscal_year": chosen.fiscal_year,
            "scope": chosen.scope,
            "scope_name": chosen.scope_name,
            "phase": chosen.phase,
            "phase_name": chosen.phase_name,
        }
    )
    answers = {level: _summed(library, (level,), where, addends=True) for level in _LEVELS}
    classes = answers["class"]
    if not isinstance(classes, SumAnswer):
        reasons = remarks_of(classes.reasons) if isinstance(classes, SumRefused) else (_NOTHING,)
        return told.model_copy(update={"refused": reasons})
    total = _total(graph, library, where)
    tree = _Tree(graph, {name: each for name, each in answers.items() if isinstance(each, SumAnswer)}, total)
    return told.model_copy(
        update={
            "total": total,
            "items": tree.below("", 0),
            "remarks": (*remarks_of(classes.notes), *_refused_levels(answers)),
        }
    )


def _summed(
    library: Library, by: Sequence[str], where: Mapping[str, Sequence[str]], *, addends: bool = False
) -> SumAnswer | SumRefused | None:
    try:
        return library.sum(sum_request("expenditure", by, where, addends=addends))
    except WrongSum:  # an organisation of which no table states a figure
        return None


def _choices(answer: SumAnswer) -> Iterable[SpendingChoice]:
    found: dict[tuple[str, ...], Mapping[str, KeyPart]] = {}
    for row in answer.rows:
        parts = {part.dimension: part for part in row.key}
        if not parts["class"].value:  # a total without classes
            continue
        found[tuple(parts[name].value for name in ("year", "scope", "phase"))] = parts

    def order(key: tuple[str, ...]) -> tuple[int, ...]:
        return -int(key[0]), _place(_PHASES, key[2]), _place(_SCOPES, key[1])

    for key in sorted(found, key=order):
        scope, phase = found[key]["scope"], found[key]["phase"]
        yield SpendingChoice(
            fiscal_year=int(key[0]),
            scope=scope.value,
            scope_name=Words(zh=scope.zh, en=scope.en),
            phase=phase.value,
            phase_name=Words(zh=phase.zh, en=phase.en),
        )


def _place(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _chosen(
    choices: Iterable[SpendingChoice], year: int | None, scope: str | None, phase: str | None
) -> SpendingChoice | None:
    """The first choice that is what was asked for."""
    for choice in choices:
        if (
            year in (None, choice.fiscal_year)
            and scope in (None, choice.scope)
            and phase in (None, choice.phase)
        ):
            return choice
    return None


def _total(graph: Graph, library: Library, where: Mapping[str, Sequence[str]]) -> Sum | None:
    answer = _summed(library, (), where, addends=True)
    return sums_by_key(graph, answer).get(()) if isinstance(answer, SumAnswer) else None


def _refused_levels(answers: Mapping[str, SumAnswer | SumRefused | None]) -> Iterable[Remark]:
    """Why a level below the classes is not shown."""
    for level, answer in answers.items():
        if isinstance(answer, SumRefused):
            for reason in remarks_of(answer.reasons):
                yield Remark(
                    code=reason.code,
                    zh=f"{_NAMES[level]}：{reason.zh}",
                    en=f"{DIMENSIONS[level].en}: {reason.en}",
                )


class _Tree:
    """The sums of three levels, put into one another by their codes."""

    def __init__(self, graph: Graph, answers: Mapping[str, SumAnswer], total: Sum | None) -> None:
        self._sums = [
            {key[0]: found for key, found in sums_by_key(graph, answers[level]).items()}
            if level in answers
            else {}
            for level in _LEVELS
        ]
        self._names = {
            (level, row.key[0].value): row.key[0].zh
            for level, answer in enumerate(answers[name] for name in _LEVELS if name in answers)
            for row in answer.rows
        }
        self._graph = graph
        self._total = None if total is None else Decimal(total.amount)
        negative = any(Decimal(found.amount) < 0 for level in self._sums for found in level.values())
        self._shares = self._total is not None and self._total > 0 and not negative

    def below(self, code: str, level: int) -> tuple[SpendingItem, ...]:
        """The items of a level whose codes begin with ``code``, by code."""
        if level == len(_LEVELS):
            return ()
        own = {each: found for each, found in self._sums[level].items() if each.startswith(code)}
        if own.keys() <= {code}:  # nothing but what is not broken down
            return ()
        return tuple(self._item(each, own[each], level) for each in sorted(own))

    def _item(self, code: str, found: Sum, level: int) -> SpendingItem:
        rest = len(code) < _DIGITS[_LEVELS[level]]
        items = () if rest else self.below(code, level + 1)
        return SpendingItem(
            code=code,
            name=self._names[level, code],
            iri=f"{BASE}classification/functional/{code}",
            url=f"/classification/functional/{code}",
            sum=found,
            share=percent(Decimal(found.amount), self._total) if self._shares and self._total else None,
            rest=rest,
            parts=self._compared(found, [item.sum for item in items]) if items else None,
            items=items,
        )

    def _compared(self, whole: Sum, parts: Sequence[Sum]) -> Literal["equal", "rounding", "differ"]:
        """Whether parts make up the whole, as exactly as all of them are printed."""
        difference = abs(sum((Decimal(part.amount) for part in parts), -Decimal(whole.amount)))
        if not difference:
            return "equal"
        slack = Decimal(0)
        for each in (whole, *parts):
            if each.addends > len(each.figures):  # not all of its figures are at hand
                return "differ"
            slack += sum((self._half_step(figure.iri) for figure in each.figures), Decimal(0))
        return "rounding" if difference <= slack else "differ"

    def _half_step(self, figure: str) -> Decimal:
        """Half of the last place that a figure is printed with, in 元."""
        facts = self._graph.facts(figure)
        printed, unit = facts.text(FG.printed), facts.text(FG.unit)
        if printed is None or not is_figure(printed) or unit not in UNIT_FACTORS:
            return Decimal(0)
        exponent = Decimal(printed_figure(printed)).as_tuple().exponent
        return UNIT_FACTORS[unit].scaleb(int(exponent)) / 2

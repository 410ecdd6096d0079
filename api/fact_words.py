"""What a fact says, in a sentence: for people who look at its source and must know what to look for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.ontology.terms import DCTERMS, DQV, FG, OBEU, PREFIXES, QB, RDF, SKOS

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["FactWords"]

_YUAN: Final = "元"
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")


class FactWords:
    """Says in ``language`` (zh or en) what the graph states of things."""

    def __init__(self, store: Store, language: str) -> None:
        self._store = store
        self._chinese = language == "zh"

    def sentence(self, iri: str) -> str | None:
        """What the thing ``iri`` says; ``None`` for a thing that says nothing by itself."""
        types = self._terms(iri, RDF.type)
        for kind, words in _WORDS.items():
            if kind in types:
                return words(self, iri) or None
        return None

    def kind(self, iri: str) -> str | None:
        """What kind of thing it is: the label of the first of its types that has one."""
        types = self._terms(iri, RDF.type)
        if QB.Observation.value in types:  # the vocabulary is not ours, and holds no labels here
            return self._text("amount", "金额")
        for kind in types:
            label = self.label(kind)
            if label is not None:
                return label
        return None

    def label(self, iri: str) -> str | None:
        """The thing's name, in the language if it has several; of a result of a check that of the check."""
        for predicate in (_LABEL, SKOS.prefLabel, DCTERMS.title, FG.level3, FG.level2, FG.projectName):
            found = sorted(
                (
                    quad.object
                    for quad in self._store.quads_for_pattern(NamedNode(iri), predicate, None)
                    if isinstance(quad.object, Literal)
                ),
                key=lambda term: (term.language != ("zh" if self._chinese else "en"), term.value),
            )
            if found:
                return found[0].value
        rule = self._one(iri, DQV.isMeasurementOf)
        return None if rule is None else self.label(rule)

    # -- values ---------------------------------------------------------------------------------

    def _terms(self, iri: str, predicate: NamedNode) -> list[str]:
        found = self._store.quads_for_pattern(NamedNode(iri), predicate, None)
        return sorted({quad.object.value for quad in found if isinstance(quad.object, (NamedNode, Literal))})

    def _one(self, iri: str, predicate: NamedNode) -> str | None:
        return next(iter(self._terms(iri, predicate)), None)

    def _named(self, iri: str, predicate: NamedNode) -> str | None:
        """The name of what ``iri`` points to."""
        other = self._one(iri, predicate)
        return None if other is None else self.label(other)

    def _text(self, english: str, chinese: str) -> str:
        return chinese if self._chinese else english

    def _joined(self, *parts: str | None) -> str:
        """Parts of a sentence, those that are there."""
        return self._text(", ", "，").join(part for part in parts if part)

    def _with(self, english: str, chinese: str, value: str | None, unit: str | None = None) -> str | None:
        """A value behind its name."""
        if value is None:
            return None
        return f"{self._text(english + ': ', chinese)}{value}{unit or ''}"

    def _quoted(self, value: str | None, english: str, chinese: str) -> str | None:
        return None if value is None else self._text(f"{english} “{value}”", f"{chinese}“{value}”")

    # -- sentences ------------------------------------------------------------------------------

    def figure(self, iri: str) -> str:
        """An amount or other figure of a table."""
        table = self._named(iri, QB.dataSet) or self._named(iri, DCTERMS.isPartOf)
        code = self._one(iri, FG.printedCode)
        names = (self._one(iri, FG.itemName), self._one(iri, FG.side), self._one(iri, FG.item))
        name = " ".join(each for each in (code, *names) if each) or self._text("total", "合计")
        year = self._one(iri, OBEU.fiscalYear)
        unit = self._one(iri, FG.unit) or ""
        value = f"{self._one(iri, FG.printed)}{unit}"
        amount = self._one(iri, OBEU.amount) or self._one(iri, FG.nonAdditiveAmount)
        if amount is not None and unit != _YUAN:
            exact = f"{Decimal(amount):,}"
            value += self._text(f" ({exact} 元)", f"（{exact}元）")
        inferred = self._terms(iri, FG.inferredBy)
        return self._joined(
            self._named(iri, OBEU.organization),
            None if year is None else self._text(year.rpartition("/")[2], f"{year.rpartition('/')[2]}年"),
            self._named(iri, FG.budgetPhase),
            None if table is None else f"《{table}》",
            name,
            self._quoted(self._one(iri, FG.column), "column", "栏"),
            self._text(f"printed {value}", f"印为{value}"),
            self._text("its column was told by arithmetic", "栏位由算术关系确定") if inferred else None,
        )

    def narrative(self, iri: str) -> str:
        """A sentence on one classification item."""
        item = "/".join(
            name for term in (FG.itemClass, FG.itemSubclass, FG.itemName) if (name := self._one(iri, term))
        )
        return self._joined(
            item,
            self._with("stated", "表述为", self._one(iri, FG.printed), self._one(iri, FG.unit)),
            self._with("purpose", "用途：", self._one(iri, FG.purpose)),
            self._with("reason", "原因：", self._one(iri, FG.reason)),
        )

    def project(self, iri: str) -> str:
        """A project entry, or one of its sources of money."""
        unit = self._one(iri, FG.unit)
        return self._joined(
            self._quoted(self._one(iri, FG.projectName), "project", "项目"),
            self._with("source of money", "资金来源：", self._one(iri, FG.printedFundSource)),
            self._with("initial budget", "年初预算数", self._one(iri, FG.budgetInitial), unit),
            self._with("full-year budget", "全年预算数", self._one(iri, FG.budgetFull), unit),
            self._with("executed", "全年执行数", self._one(iri, FG.executed), unit),
            self._with("execution rate", "执行率", self._one(iri, FG.executionRate)),
            self._with("score", "得分", self._one(iri, FG.score)),
        )

    def indicator(self, iri: str) -> str:
        """A performance indicator."""
        levels = [name for term in (FG.level1, FG.level2, FG.level3) if (name := self._one(iri, term))]
        return self._joined(
            self._quoted(self._one(iri, FG.projectName), "project", "项目"),
            self._quoted("/".join(levels), "indicator", "指标"),
            self._with("target", "年度指标值", self._one(iri, FG.target)),
            self._with("actual", "实际完成值", self._one(iri, FG.actual)),
            self._with("weight", "分值", self._one(iri, FG.weight)),
            self._with("score", "得分", self._one(iri, FG.score)),
            self._with("reason", "原因：", self._one(iri, FG.reason)),
        )

    def passage(self, iri: str) -> str:
        """A stated cause, measure or reason."""
        kind, text = self._named(iri, FG.passageKind), self._one(iri, FG.text)
        about = self._quoted(self._one(iri, FG.projectName), "project", "项目")
        return self._text(": ", "：").join(part for part in (self._joined(about, kind), text) if part)

    def claim(self, iri: str) -> str:
        """What a document says of its own figures."""
        printed = f"{self._one(iri, FG.printed) or ''}{self._one(iri, FG.unit) or ''}"
        about = self._joined(self._named(iri, FG.claimKind), self._one(iri, FG.subject))
        return self._text(": ", "：").join(part for part in (about, printed) if part)

    def citation(self, iri: str) -> str:
        """A law, regulation or notice that is cited."""
        number = self._one(iri, FG.documentNumber)
        title = f"《{self._one(iri, DCTERMS.title) or ''}》{f'（{number}）' if number else ''}"
        times = self._one(iri, FG.mentions)
        return self._joined(
            self._text(f"cites {title}", f"引用{title}"),
            None if times is None else self._text(f"mentions: {times}", f"共{times}次"),
            *self._terms(iri, FG.citedArticle),
        )

    def check(self, iri: str) -> str:
        """A comparison of two figures or statements."""
        return self._joined(
            self._named(iri, DQV.isMeasurementOf),
            self._named(iri, FG.verdict),
            self._named(iri, FG.contradictionKind),
            self._with("one side", "一方", self._one(iri, FG.left)),
            self._with("other side", "另一方", self._one(iri, FG.right)),
            self._with("difference", "相差", self._one(iri, DQV.value), self._one(iri, FG.unit)),
            self._one(iri, FG.detail),
        )

    def unit(self, iri: str) -> str:
        """An organisation that a document lists."""
        return self._joined(self._one(iri, FG.unitName), self._named(iri, FG.unitRelation))

    def leftover(self, iri: str) -> str:
        """Something that no record holds."""
        what, why = self._one(iri, FG.what), self._one(iri, FG.why)
        return self._joined(self._text("not read", "未读"), what, why)

    def disclosure(self, iri: str) -> str:
        """A document."""
        return self._joined(
            self._one(iri, FG.issuerName), self._one(iri, FG.year), self._named(iri, FG.disclosureKind)
        )

    def variant(self, iri: str) -> str:
        """Another name of an organisation."""
        printed, meant = self._one(iri, FG.variantName), self._named(iri, FG.variantOf)
        return self._text(f"“{printed}” means {meant}", f"“{printed}”即{meant}")


_WORDS: Final[dict[str, Callable[[FactWords, str], str]]] = {
    QB.Observation.value: FactWords.figure,
    FG.PrintedFigure.value: FactWords.figure,
    FG.NarrativeStatement.value: FactWords.narrative,
    FG.ProjectEntry.value: FactWords.project,
    FG.FundLine.value: FactWords.project,
    FG.PerformanceIndicator.value: FactWords.indicator,
    FG.Passage.value: FactWords.passage,
    FG.Claim.value: FactWords.claim,
    FG.LawCitation.value: FactWords.citation,
    FG.CheckResult.value: FactWords.check,
    FG.UnitMention.value: FactWords.unit,
    FG.Leftover.value: FactWords.leftover,
    FG.Disclosure.value: FactWords.disclosure,
    FG.NameVariant.value: FactWords.variant,
}

"""Performance tables (绩效目标表, 绩效自评表, 部门整体绩效自评表) into records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fiscalgraph.extract.document import Cell, Document, Paragraph, Table
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.recognise.performance_findings import findings_of
from fiscalgraph.extract.recognise.performance_flattened import flattened_forms
from fiscalgraph.extract.recognise.performance_flattened_lines import lines_of
from fiscalgraph.extract.recognise.performance_flattened_lists import flattened_lists
from fiscalgraph.extract.recognise.performance_flattened_reports import report_forms
from fiscalgraph.extract.recognise.performance_forms import NOTED, Context, Form, FormReader
from fiscalgraph.extract.recognise.performance_funds import FundDraft, unit_of_targets
from fiscalgraph.extract.recognise.performance_levels import settle_levels, weights_in_remarks
from fiscalgraph.extract.recognise.performance_lists import ListReader
from fiscalgraph.extract.recognise.performance_rows import source_of
from fiscalgraph.extract.recognise.performance_vocabulary import (
    Label,
    fold,
    label_of,
    money_unit,
    title_of,
    value_text,
)
from fiscalgraph.extract.records import Finding, Fund, Indicator, Project

__all__ = ["PerformanceRecords", "recognise_performance"]

_PAGE_NUMBER = re.compile(r"[-—\s]*\d{1,4}[-—\s]*|第\d+页(?:/?共\d+页)?")
_YEAR_LINE = re.compile(r"\(?[\d,\s]+年度?\)?")
_PART = re.compile(r"第[一二三四五六七八九十]+(?:部分|章)|[一二三四五六七八九十]{1,3}、|附件|附表")
_REPORT = re.compile(r"(?:\d{4}年度?)?(.{2,50}?)(?:项目)?(?:支出)?绩效(?:评价|自评)报告")
_NAMED = re.compile(r"(?P<label>[^\s:：]{2,12})[:：]\s*(?P<value>[^\s:：]{2,60})")
_LOOK_BACK = 6  # paragraphs above a table that may name it
_PASSAGE = 40  # more characters than page furniture has: a passage of text


@dataclass(frozen=True, slots=True)
class PerformanceRecords:
    """What a document's performance tables state; ``consumed`` are positions in ``Document.blocks``."""

    projects: tuple[Project, ...] = ()
    funds: tuple[Fund, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    findings: tuple[Finding, ...] = ()
    consumed: frozenset[int] = frozenset()


def recognise_performance(document: Document) -> PerformanceRecords:
    """Read every performance table of ``document``.

    ``occurrence`` numbers the forms in reading order and ties a project's funds, indicators and
    findings to it. Amounts, rates, weights and scores are as printed; what the source does not place
    without doubt is ``None``.
    """
    reader = _Reader(document)
    reader.read()
    return reader.records()


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._forms = FormReader()
        self._lists = ListReader(self._forms.forms)
        self._above: list[Paragraph] = []  # since the last table
        self._titles: set[str] = set()  # what stood above the form at hand
        self._label: list[tuple[int, str]] = []  # a label set vertically, one character a paragraph

    def read(self) -> None:
        read_to = 0
        for block, item in enumerate(self._document.blocks):
            if block < read_to:
                continue
            if isinstance(item, Table):
                self._table(item, block)
            elif self._forms.is_open and not self._above and self._row_without_rules(block):
                read_to = block + 3
            else:
                self._paragraph(item, block)
        if not self._forms.forms:
            lines = list(lines_of(self._document))
            forms = flattened_forms(self._document)
            taken = frozenset[int]().union(*(form.blocks for form in forms))
            self._forms.forms += [
                *forms,
                *report_forms(self._document, lines, taken),
                *flattened_lists(lines),
            ]

    def _table(self, table: Table, block: int) -> None:
        context = self._context()
        if self._lists.read(table, block, context):
            self._forms.close()
        else:
            if self._ends_form(table, block):
                self._forms.close()
            if not self._forms.is_open:
                self._titles = {fold(paragraph.text) for paragraph in self._above}
            self._forms.read(table, block, context)
        self._above.clear()

    def _paragraph(self, paragraph: Paragraph, block: int) -> None:
        text = compact(paragraph.text)
        if not text or _PAGE_NUMBER.fullmatch(text):
            return
        if self._forms.is_open and self._outside_conclusion(paragraph, text, block):
            return
        self._above.append(paragraph)

    def _outside_conclusion(self, paragraph: Paragraph, text: str, block: int) -> bool:
        """自评结论 printed below the table: the label (perhaps one character a line), then the text."""
        label = "".join(part for _, part in self._label)
        if label_of(label) is Label.CONCLUSION and len(text) > len(label):
            blocks = {block, *(index for index, _ in self._label)}
            self._forms.note(
                Label.CONCLUSION, text, Cell(paragraph.text, 0, 0, place=paragraph.place), blocks
            )
            self._label.clear()
            return True
        if len(label + text) <= 6 and "自评结论".startswith((label + text)[:4]):
            self._label.append((block, text))
            return True
        self._label.clear()
        return False

    def _row_without_rules(self, block: int) -> bool:
        """The form's last row where no rule closes it: the label's first line, the note, the label's rest."""
        lines = self._document.blocks[block : block + 3]
        paragraphs = [item for item in lines if isinstance(item, Paragraph)]
        if len(paragraphs) < 3:
            return False
        first, note, rest = (compact(paragraph.text) for paragraph in paragraphs)
        label = label_of(first + rest)
        if label not in NOTED or label_of(first) in NOTED or len(note) <= len(first + rest):
            return False
        cell = Cell(paragraphs[1].text, 0, 0, place=paragraphs[1].place)
        self._forms.note(label, note, cell, {block, block + 1, block + 2})
        return True

    def _ends_form(self, table: Table, block: int) -> bool:
        """Whether the text since the last table ends the form at hand: a title or a passage does."""
        texts = [fold(paragraph.text) for paragraph in self._above]
        words = [
            text
            for text in texts
            if not _YEAR_LINE.fullmatch(text) and money_unit(text, caption=True) is None
        ]
        if all(text in self._titles for text in words) and self._forms.continues(table, block):
            return False  # the form's own title, printed again on its next page
        titled = any(title_of(text) is not None or text.endswith("表") or _PART.match(text) for text in words)
        return titled or sum(map(len, words)) > _PASSAGE

    def _context(self) -> Context:
        """What the text above a table says."""
        near = self._above[-_LOOK_BACK:]
        recent = [fold(paragraph.text) for paragraph in near]
        unit = next((found for text in reversed(recent) if (found := money_unit(text, caption=True))), None)
        titles = [title for text in reversed(recent) if (title := title_of(text)) is not None]
        whole = any("整体" in text and "绩效" in text and len(text) < _PASSAGE for text in recent)
        title = next((title for title in titles if len(title) > 3 and not title.startswith("项目")), None)
        if titles and title is None:
            title = self._report_name()
        named: dict[Label, str] = {}
        publisher: str | None = None
        for paragraph in near:
            for words in _NAMED.finditer(paragraph.text):
                label = label_of(words["label"])
                if label is not None:
                    named.setdefault(label, value_text(words["value"]))
                if label is Label.BODY and words["label"].startswith("部门"):
                    publisher = publisher or value_text(words["value"])
        return Context(
            title=title,
            project=named.get(Label.PROJECT),
            body=named.get(Label.BODY),
            publisher=publisher,
            department=named.get(Label.DEPARTMENT),
            implementing_unit=named.get(Label.UNIT),
            scope="department" if whole else "project",
            unit=unit,
        )

    def _report_name(self) -> str | None:
        """The project an evaluation report (绩效评价报告) is about, from its title above."""
        texts = [fold(paragraph.text) for paragraph in self._above]
        for index in range(len(texts) - 1, -1, -1):
            for text in (texts[index], "".join(texts[index : index + 2])):
                found = _REPORT.fullmatch(text)
                if found:
                    return found.group(1)
        return None

    def records(self) -> PerformanceRecords:
        projects: list[Project] = []
        funds: list[Fund] = []
        indicators: list[Indicator] = []
        findings: list[Finding] = []
        forms = [form for form in self._forms.forms if form.filled_in]
        for form in forms:
            settle_levels(form.indicators)
            _settle_money(form)
        weights_in_remarks([form.indicators for form in forms])
        for occurrence, form in enumerate(forms):
            projects.append(_project(form, occurrence))
            name, unit = form.name or "", form.implementing_unit
            funds.extend(_fund(fund, form, occurrence) for fund in form.funds)
            for draft in form.indicators:
                indicators.append(
                    Indicator(
                        occurrence=occurrence,
                        project=name,
                        implementing_unit=unit,
                        level1=draft.level1,
                        level2=draft.level2,
                        level3=draft.level3,
                        target=draft.target,
                        actual=draft.actual,
                        weight=draft.weight,
                        score=draft.score,
                        reason=draft.reason,
                        source=source_of(draft.cell),
                    )
                )
            findings.extend(findings_of(form, occurrence))
        return PerformanceRecords(
            tuple(projects),
            tuple(funds),
            tuple(indicators),
            tuple(findings),
            frozenset().union(*(form.blocks for form in forms)),
        )


def _total(funds: Sequence[FundDraft]) -> FundDraft | None:
    """The fund row that sums the year's money: 年度资金总额 before 实施期资金总额."""
    totals = [fund for fund in funds if fund.total]
    yearly = [fund for fund in totals if "年" in fund.source]
    return next(iter(yearly or totals), None)


def _settle_money(form: Form) -> None:
    """What the rows above or below the funds say of them: the weight of execution, the unit of money."""
    total = _total(form.funds)
    if total is not None and all(fund.weight is None for fund in form.funds):
        total.weight = form.execution_weight
    if form.unit is None:
        costs = [draft.target for draft in form.indicators if draft.target and "成本" in (draft.level1 or "")]
        form.unit = unit_of_targets(costs, form.funds)


def _project(form: Form, occurrence: int) -> Project:
    total = _total(form.funds)
    return Project(
        occurrence=occurrence,
        project=form.name or "",
        scope=form.scope,
        department=form.department,
        implementing_unit=form.implementing_unit,
        unit=form.unit,
        budget_initial=total.budget_initial if total else None,
        budget_full=total.budget_full if total else None,
        executed=total.executed if total else None,
        rate=total.rate if total else None,
        score=form.score,
        narrative_score=None,
        narrative_budget=None,
        narrative_executed=None,
        narrative_rate=None,
        sources=("self_eval_table" if form.evaluated else "target_table",),
        source=source_of(form.name_cell),
    )


def _fund(fund: FundDraft, form: Form, occurrence: int) -> Fund:
    return Fund(
        occurrence=occurrence,
        project=form.name or "",
        implementing_unit=form.implementing_unit,
        fund=fund.source,
        budget_initial=fund.budget_initial,
        budget_full=fund.budget_full,
        executed=fund.executed,
        weight=fund.weight,
        rate=fund.rate,
        score=fund.score,
        unit=form.unit,
        source=source_of(fund.cell),
    )

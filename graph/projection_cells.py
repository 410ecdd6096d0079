"""Which figures may enter a sum: decided once, when the projection is written, so that sums are quick.

A disclosure prints the same money many times. A *series* is one column of one table, for one organisation,
year, phase, fund scope and expenditure type, seen along one classification (*axis*). Its rows are *cells*.
For each cell is written down

- ``above``: how many digits the longest printed code has that it is a part of (0: the 合计 row, -1: nothing).
  Cells with ``length >= n > above`` are disjoint and, with those that are not broken down further, the whole;
- ``gap``: its amount less the cells right below it, where it has some, and the ``allowance`` for rounding;
- whether its series is the one to take (``chosen…``): of all series that state the same money along the same
  axis one is chosen, by the order in :data:`_RANKING`; among all documents, those of a kind, in a document;
- whether an organisation it belongs to states its money too (``covered…``).

Left out are figures whose phase or scope their table does not say, and lists that repeat a code (projects,
purchases) without adding up to their printed total.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.ontology.classification import classification_codes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["CELL_COLUMNS", "THREE_PUBLICS_CODES", "class_names", "write_cells"]

CELL_COLUMNS: Final = (
    "measure",
    "axis",
    "organization",
    "organization_label",
    "organization_number",
    "ancestors",
    "unit",
    "head_office",
    "government_level",
    "region",
    "document",
    "kind",
    "fiscal_year",
    "phase",
    "fund_scope",
    "expenditure_type",
    "code",
    "length",
    "above",
    "divided",
    "amount",
    "gap",
    "allowance",
    "differs",
    "contested",
    "inferred",
    "chosen",
    "chosen_of_kind",
    "chosen_of_document",
    "chosen_total",
    "chosen_total_of_kind",
    "chosen_total_of_document",
    "covered",
    "covered_of_kind",
    "covered_of_document",
    "covered_unit",
    "table_title",
    "observation",
)
"""The columns of ``cells.parquet``. ``measure`` is expenditure, revenue or three_publics (“三公”); ``code``
is '' for a total, an item of the “三公” has the code that :data:`THREE_PUBLICS_CODES` gives it;
``organization_number`` tells organisations apart more quickly than their IRIs. What is asked for together
stands together, so that most of the file need not be read."""

THREE_PUBLICS_CODES: Final = {
    "ThreePublicsTotal": "",
    "OverseasTravel": "1",
    "OfficialVehicles": "2",
    "VehiclePurchase": "21",
    "VehicleOperation": "22",
    "OfficialReceptions": "3",
}
"""The items of the “三公”经费 as a hierarchy of codes."""

# A table of these is a part of the year's expenditure, whatever its columns are called.
_OF_A_PART = "采购|购买服务|转移支付|专项|结转|结余|债务|三公|绩效|机关运行|会议|培训"
_YEARS_REVENUE = "本年收入"

_USABLE = f"""
CREATE TABLE stated_figures AS
SELECT o.* REPLACE (
    coalesce(CASE WHEN o.organization = d.publisher THEN d.reporting_unit END, o.organization) AS organization
  ),
  d.publication,
  CASE
    WHEN three_publics_item IS NOT NULL THEN 'three_publics'
    WHEN operation_character = 'expenditure' THEN 'expenditure'
    WHEN operation_character = 'revenue' THEN 'revenue'
  END AS measure,
  o.table_type = 'classified' AND o.three_publics_item IS NULL AS classified,
  printed_code IS NULL AND functional_code IS NULL AND department_economic_code IS NULL
    AND government_economic_code IS NULL AND other_code IS NULL AND n.code IS NULL AS uncoded,
  n.code AS named_code
FROM observations o JOIN disclosures d USING (document)
LEFT JOIN class_names n ON o.table_type = 'totals' AND o.three_publics_item IS NULL
  AND n.name = regexp_replace(o.item, '^[（(]?[一二三四五六七八九十0-9]+[）)、.．]', '')
WHERE summable AND amount IS NOT NULL AND o.fiscal_year IS NOT NULL AND phase IS NOT NULL
  AND fund_scope IS NOT NULL AND funding_source IS NULL
  AND (
    (three_publics_item IS NOT NULL AND coalesce(operation_character, 'expenditure') = 'expenditure')
    OR (operation_character = 'expenditure' AND table_type = 'classified'
      AND (contains(table_title, '支出') OR NOT contains(table_title, '收入'))
      AND NOT regexp_matches(table_title, '{_OF_A_PART}')
      AND (NOT contains(table_title, '项目') OR expenditure_type = 'ProjectExpenditure'))
    OR (operation_character = 'expenditure' AND table_type = 'totals' AND expenditure_type IS NULL
      AND (grand_total OR n.code IS NOT NULL) AND NOT regexp_matches(table_title, '{_OF_A_PART}'))
    OR (operation_character = 'revenue' AND table_type = 'classified' AND expenditure_type IS NULL)
    OR (operation_character = 'revenue' AND table_type = 'totals'
      AND regexp_matches(item, '^(一、)?{_YEARS_REVENUE}(合计)?$'))
  )
"""

# The class 国有资本经营预算支出 names other funds than its table: there it is a class like the others.
# Where a table has a column for 人员经费 and one for 公用经费, both are the 基本支出.
_BASIC = """
CREATE TABLE usable AS
SELECT * REPLACE (
    CASE WHEN named_code IS NULL THEN fund_scope ELSE mode(fund_scope) OVER (
      PARTITION BY document, table_iri, column_path, organization, fiscal_year, phase, named_code IS NOT NULL
    ) END AS fund_scope
  ), column_path AS series_column
FROM stated_figures
UNION ALL
SELECT * REPLACE ('BasicExpenditure' AS expenditure_type), NULL FROM stated_figures
WHERE expenditure_type IN ('PersonnelExpenditure', 'OperatingExpenditure') AND NOT uncoded
"""
_SERIES_KEY = (
    "measure, document, table_iri, organization, fiscal_year, phase, fund_scope, expenditure_type, "
    "CASE WHEN measure <> 'three_publics' THEN series_column END, "
    "CASE WHEN measure = 'revenue' AND NOT classified THEN item END"
)
_ROWS = f"""
CREATE TABLE rows_of_series AS
WITH numbered AS (
  SELECT *, dense_rank() OVER (ORDER BY {_SERIES_KEY}) AS series FROM usable
),
views AS (
  SELECT *, 'functional' AS axis, coalesce(functional_code, named_code) AS code_there FROM numbered
  WHERE measure <> 'three_publics'
  UNION ALL
  SELECT *, 'department_economic', department_economic_code FROM numbered WHERE classified
  UNION ALL
  SELECT *, 'government_economic', government_economic_code FROM numbered WHERE classified
  UNION ALL
  SELECT *, 'three_publics', {{three_publics_code}} FROM numbered WHERE measure = 'three_publics'
)
SELECT * EXCLUDE (series, code_there), series * 4 + CASE axis WHEN 'functional' THEN 0
    WHEN 'department_economic' THEN 1 WHEN 'government_economic' THEN 2 ELSE 3 END AS series,
  CASE WHEN uncoded AND axis <> 'three_publics' THEN '' ELSE code_there END AS code
FROM views
"""
# The nearest printed code that a code is a part of: 3, 5, 7 digits; of the “三公” 1, 2. An item of the
# “三公” that a table prints twice for one organisation (as a whole, and as its only unit) is one amount.
_CELLS = """
CREATE TABLE nested AS
WITH printed AS (SELECT DISTINCT series, code FROM rows_of_series WHERE code <> ''),
coded AS (
  SELECT r.series, r.code, r.amount, r.position, r.observation, r.step,
    coalesce(nearer.code, farther.code, '') AS above_code
  FROM rows_of_series r
  LEFT JOIN printed nearer ON nearer.series = r.series AND nearer.code = CASE
    WHEN length(r.code) IN (5, 7) THEN left(r.code, length(r.code) - 2)
    WHEN length(r.code) = 2 THEN left(r.code, 1) END
  LEFT JOIN printed farther ON farther.series = r.series
    AND farther.code = CASE WHEN length(r.code) = 7 THEN left(r.code, 3) END
  WHERE r.code <> ''
  QUALIFY r.axis <> 'three_publics'
    OR row_number() OVER (PARTITION BY r.series, r.code, r.amount ORDER BY r.position, r.observation) = 1
),
parts AS (
  SELECT series, above_code AS code, sum(amount) AS parts, count(*) AS number, max(step) AS step
  FROM coded GROUP BY ALL
),
totals AS (
  SELECT r.series, arg_min(r.observation, (r.amount IS DISTINCT FROM p.parts, r.position)) AS observation,
    count(DISTINCT r.amount) AS amounts, bool_or(r.amount IS NOT DISTINCT FROM p.parts) AS matching
  FROM rows_of_series r LEFT JOIN parts p ON p.series = r.series AND p.code = ''
  WHERE r.code = '' GROUP BY r.series
),
cells AS (
  SELECT series, code, above_code, amount, position, observation, step FROM coded
  UNION ALL
  SELECT r.series, '', NULL, r.amount, r.position, r.observation, r.step
  FROM rows_of_series r JOIN totals t USING (series, observation)
  WHERE t.amounts = 1 OR t.matching
)
SELECT c.series, c.code, c.amount, c.observation,
  CASE WHEN c.above_code IS NULL THEN -1 WHEN c.above_code <> '' THEN length(c.above_code)
    WHEN bool_or(c.code = '') OVER (PARTITION BY c.series) THEN 0 ELSE -1 END AS above,
  p.parts IS NOT NULL AS divided,
  CASE WHEN p.parts IS NULL THEN NULL
    WHEN row_number() OVER (PARTITION BY c.series, c.code ORDER BY c.position, c.observation) > 1 THEN 0
    ELSE sum(c.amount) OVER (PARTITION BY c.series, c.code) - p.parts END AS gap,
  (p.number + 1) * greatest(p.step, c.step) * 0.5 AS allowance,
  count(*) OVER (PARTITION BY c.series, c.code) AS repeated
FROM cells c LEFT JOIN parts p USING (series, code)
"""
_SERIES = f"""
CREATE TABLE series AS
WITH anchors AS (
  SELECT measure, document, organization, fiscal_year, phase, fund_scope, any_value(amount) AS amount
  FROM stated_figures WHERE table_type = 'totals' AND three_publics_item IS NULL AND named_code IS NULL
  GROUP BY ALL HAVING count(DISTINCT amount) = 1
),
inner_facts AS (
  SELECT series, count(*) FILTER (code <> '') AS coded, max(repeated) FILTER (code <> '') > 1 AS repeats,
    max(length(code)) AS depth, any_value(amount) FILTER (code = '') AS total,
    max(abs(gap) - allowance) FILTER (code = '') AS excess
  FROM nested GROUP BY series
),
outer_facts AS (
  SELECT series, any_value(axis) AS axis, any_value(measure) AS measure, any_value(document) AS document,
    any_value(kind) AS kind, any_value(organization) AS organization, any_value(fiscal_year) AS fiscal_year,
    any_value(phase) AS phase, any_value(fund_scope) AS fund_scope,
    any_value(expenditure_type) AS expenditure_type, any_value(table_index) AS table_index,
    any_value(table_iri) AS table_iri, any_value(table_type) AS table_type,
    min(position) AS position, count(*) FILTER (code IS NULL) AS foreign_rows,
    bool_and(measure <> 'revenue' OR table_type = 'totals'
      OR contains(column_path, '{_YEARS_REVENUE}')) AS of_the_year
  FROM rows_of_series GROUP BY series
),
of_tables AS (
  SELECT *, max(total) OVER (PARTITION BY measure, axis, document, table_iri, organization, fiscal_year,
    phase, fund_scope, expenditure_type) AS widest
  FROM outer_facts JOIN inner_facts USING (series)
)
SELECT o.* EXCLUDE (table_iri, repeats, excess, widest),
  CASE WHEN coded = 0 OR total IS NULL THEN 1 WHEN excess <= 0 THEN 2 ELSE 0 END AS adds_up,
  CASE WHEN a.amount IS NULL OR total IS NULL OR expenditure_type IS NOT NULL THEN 1
    WHEN a.amount = total THEN 2 ELSE 0 END AS agrees,
  CASE WHEN o.phase = 'executed' THEN o.kind LIKE '%决算' ELSE o.kind LIKE '%预算' END AS native
FROM of_tables o
LEFT JOIN anchors a ON a.measure = o.measure AND a.document = o.document AND a.organization = o.organization
  AND a.fiscal_year = o.fiscal_year AND a.phase = o.phase AND a.fund_scope = o.fund_scope
WHERE (adds_up = 2 OR (NOT coalesce(repeats, false) AND foreign_rows = 0))
  AND (of_the_year OR agrees = 2)
  AND (coded > 0 OR axis IN ('functional', 'three_publics'))
  AND (expenditure_type IS NOT NULL OR total IS NULL OR total = widest)
"""
_RANKING: Final = (
    "native DESC, kind LIKE '部门%' DESC, agrees DESC, adds_up DESC, total IS NOT NULL DESC, coded > 0 DESC, "
    "table_type, CASE axis WHEN 'functional' THEN 0 WHEN 'department_economic' THEN 1 ELSE 2 END, "
    "total DESC NULLS LAST, depth DESC, document, table_index, position, series"
)
"""Which of several series is taken: first that of the document whose own phase it is (预算 for the budget,
决算 for what was executed), then a department's before a unit's; that whose total is printed as the grand
total too, whose parts add up to it, that has a total, that has codes (printed ones before names of classes).
Of columns of one table that say nothing else apart, only the one with the largest total takes part: the
others are parts of it, whatever they are called and however well they add up."""

_MONEY = "measure, organization, fiscal_year, phase, fund_scope, expenditure_type"
_RANKED = """
CREATE TABLE ranked AS
WITH of_axes AS (
  SELECT *, axis AS read_as FROM series WHERE coded > 0 OR axis = 'three_publics'
  UNION ALL  -- nothing was spent: there is nothing to break down, whatever the classification
  SELECT *, unnest(['functional', 'department_economic', 'government_economic']) FROM series
  WHERE coded = 0 AND total = 0 AND axis <> 'three_publics'
)
SELECT *, {chosen},
  false AS chosen_total, false AS chosen_total_of_kind, false AS chosen_total_of_document
FROM of_axes
UNION ALL
SELECT *, axis AS read_as, false, false, false, {chosen_total} FROM series
"""
# A table of a disclosure lists the bodies whose money it is: one of which no document says what it belongs
# to, and which publishes as no department itself, is a part of who discloses. Else both would be added.
_COVERED = """
CREATE TABLE recorded AS
WITH RECURSIVE above AS (
  SELECT organization, parent AS ancestor FROM organizations
  WHERE parent IS NOT NULL AND parent <> organization
  UNION
  SELECT a.organization, o.parent FROM above a JOIN organizations o ON o.organization = a.ancestor
  WHERE o.parent IS NOT NULL
)
SELECT DISTINCT organization, ancestor FROM above WHERE organization <> ancestor;
CREATE TABLE listed AS
WITH disclosed AS (SELECT document, kind, coalesce(reporting_unit, publisher) AS body FROM disclosures)
SELECT DISTINCT f.organization, d.body FROM observations f JOIN disclosed d USING (document)
WHERE f.organization <> d.body
  AND f.organization NOT IN (SELECT organization FROM recorded)
  AND NOT EXISTS (FROM recorded r WHERE r.organization = d.body AND r.ancestor = f.organization)
  AND NOT EXISTS (FROM disclosed own
    WHERE own.body = f.organization AND (own.kind LIKE '部门%' OR d.kind NOT LIKE '部门%'));
CREATE TABLE belongs AS
FROM recorded
UNION
SELECT organization, body FROM listed
UNION
SELECT l.organization, r.ancestor FROM listed l JOIN recorded r ON r.organization = l.body
UNION
SELECT r.organization, l.body FROM recorded r JOIN listed l ON l.organization = r.ancestor
WHERE r.organization <> l.body;
CREATE TABLE ancestry AS
SELECT organization, list(ancestor ORDER BY ancestor) AS ancestors FROM belongs GROUP BY organization;
CREATE TABLE stated AS SELECT DISTINCT measure, organization, fiscal_year, phase, kind, document FROM series;
CREATE TABLE covering AS
SELECT s.measure, s.organization, s.fiscal_year, s.phase, s.kind, s.document,
  true AS covered, bool_or(w.kind = s.kind) AS covered_of_kind,
  bool_or(w.document = s.document) AS covered_of_document,
  bool_or(b.ancestor IN (SELECT organization FROM belongs)) AS covered_unit
FROM stated s JOIN belongs b USING (organization)
JOIN stated w ON w.organization = b.ancestor AND w.measure = s.measure AND w.fiscal_year = s.fiscal_year
  AND w.phase = s.phase
GROUP BY ALL
"""
_RESULT = """
SELECT r.measure, k.read_as AS axis, r.organization, o.label AS organization_label,
  dense_rank() OVER (ORDER BY r.organization)::INTEGER AS organization_number,
  coalesce(a.ancestors, []) AS ancestors, a.ancestors IS NOT NULL AS unit,
  coalesce(o.head_office::BOOLEAN, false) AS head_office,
  o.government_level, coalesce(o.region, p.region) AS region, r.document, r.kind, r.fiscal_year, r.phase,
  r.fund_scope, r.expenditure_type,
  n.code, length(n.code)::TINYINT AS length, n.above::TINYINT AS above, n.divided,
  n.amount, n.gap, n.allowance, k.agrees = 0 AS differs, r.contested, r.inferred,
  k.chosen, k.chosen_of_kind, k.chosen_of_document,
  k.chosen_total, k.chosen_total_of_kind, k.chosen_total_of_document,
  coalesce(c.covered, false) AS covered, coalesce(c.covered_of_kind, false) AS covered_of_kind,
  coalesce(c.covered_of_document, false) AS covered_of_document,
  coalesce(c.covered_unit, false) AS covered_unit,
  r.table_title, n.observation
FROM kept k
JOIN nested n USING (series)
JOIN rows_of_series r USING (series, observation)
LEFT JOIN organizations o ON o.organization = r.organization
LEFT JOIN organizations p ON p.organization = o.parent
LEFT JOIN ancestry a ON a.organization = r.organization
LEFT JOIN covering c ON c.measure = r.measure AND c.organization = r.organization
  AND c.fiscal_year = r.fiscal_year AND c.phase = r.phase AND c.kind = r.kind AND c.document = r.document
WHERE r.named_code IS NULL OR n.amount <> 0  -- such tables list all classes there are
ORDER BY r.measure, k.read_as, r.expenditure_type NULLS FIRST, k.chosen_total DESC, k.chosen DESC,
  r.document, r.table_index, r.table_iri, r.position, n.observation, k.chosen
"""


def class_names() -> Iterator[tuple[str, str]]:
    """The names of the functional classes (类) with their codes: tables of totals print names only.

    A name that two classes have had is left out.
    """
    found: dict[str, set[str]] = {}
    for code, about in classification_codes().items():
        if len(code) == 3 and code.startswith("2"):
            for name in {about.name, *about.other_names, *(dated.name for dated in about.names)} - {None}:
                found.setdefault(str(name), set()).add(code)
    yield from sorted((name, min(codes)) for name, codes in found.items() if len(codes) == 1)


def write_cells(connection: DuckDBPyConnection, path: Path) -> None:
    """Write ``cells.parquet`` from the tables ``observations``, ``disclosures`` and ``organizations``."""
    cases = " ".join(f"WHEN '{item}' THEN '{code}'" for item, code in THREE_PUBLICS_CODES.items())
    connection.execute(_USABLE)
    connection.execute(_BASIC)
    connection.execute(_ROWS.format(three_publics_code=f"CASE three_publics_item {cases} END"))
    connection.execute(_CELLS)
    connection.execute(_SERIES)
    chosen = ", ".join(_first(f"{_MONEY}, read_as", name, "chosen") for name in ("", "kind", "document"))
    totals = ", ".join(_first(_MONEY, name, "chosen_total") for name in ("", "kind", "document"))
    connection.execute(_RANKED.format(chosen=chosen, chosen_total=totals))
    ends = ("", "_of_kind", "_of_document")
    flags = [f"{stem}{end}" for stem in ("chosen", "chosen_total") for end in ends]
    named = ", ".join(f"bool_or({flag}) AS {flag}" for flag in flags)
    any_of_them = " OR ".join(f"bool_or({flag})" for flag in flags)
    connection.execute(
        f"CREATE TABLE kept AS SELECT series, axis, read_as, agrees, {named} FROM ranked "
        f"GROUP BY ALL HAVING {any_of_them}"
    )
    for statement in _COVERED.split(";"):
        connection.execute(statement)
    connection.execute(
        f"COPY (SELECT {', '.join(CELL_COLUMNS)} FROM ({_RESULT})) "
        f"TO '{str(path).replace(chr(39), chr(39) * 2)}' "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 32768)"
    )


def _first(key: str, among: str, stem: str) -> str:
    """Whether a series is the first of its key: among all, or among those of one kind or document."""
    partition = f"{key}, {among}" if among else key
    name = f"{stem}_of_{among}" if among else stem
    return f"row_number() OVER (PARTITION BY {partition} ORDER BY {_RANKING}) = 1 AS {name}"

/** A code over the years: sums of all who state it, and how single organisations went. */
import { useMemo } from "preact/hooks";
import { useAnswer } from "../../api";
import { Chart, type Drawing } from "../../components/Chart";
import { Downloads } from "../../components/Downloads";
import { columnScale, Money } from "../../components/Money";
import { Shown } from "../../components/State";
import { SumAmount, type Sum } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { compareAmounts, forDrawing } from "../../money";
import { withParams, type Route } from "../../router";
import { t } from "../../texts";
import type { Choice } from "./one";
import { Doubts } from "./sums";
import { amountText, asFigure, axisText, keyOf, labelOf, organizationHref, PHASES, type SumRow, type SumTable } from "./shapes";

/** A row for each year, a column for each phase, within one fund scope. */
export function ByYear({ route, rows, choice, name }: { route: Route; rows: SumRow[]; choice: Choice; name: string }) {
  const ofScope = rows.filter((row) => keyOf(row, "scope") === choice.scope);
  const years = [...new Set(ofScope.map((row) => keyOf(row, "year")))].sort();
  const phases = PHASES.filter((phase) => ofScope.some((row) => keyOf(row, "phase") === phase));
  const columns: Column<string>[] = [
    {
      key: "year", head: t("field.year"), cell: (year) => (
        <a href={withParams(route, { year })} aria-current={year === choice.year ? "true" : undefined}>{year}</a>
      ),
    },
    ...phases.map((phase): Column<string> => {
      const label = labelOf(ofScope.find((row) => keyOf(row, "phase") === phase) as SumRow, "phase");
      return {
        key: phase, head: t("codes.in", { name: label, scale: "万元" }), number: true, cell: (year) => {
          const sum = ofScope.find((row) => keyOf(row, "year") === year && keyOf(row, "phase") === phase);
          if (!sum) return <span class="none">{t("money.none")}</span>;
          return (
            <>
              <Money of={sum.amount} scale="万元" bare />
              <span class="under">{t("codes.of_departments", { n: sum.organizations })}</span>
              <Doubts of={sum} />
            </>
          );
        },
      };
    }),
  ];
  const scope = ofScope[0] ? labelOf(ofScope[0], "scope") : "";
  return (
    <>
      <div class="heading">
        <h3>{t("codes.by_year", { scope })}</h3>
        <Downloads path="/sum" params={{ by: ["year", "phase", "scope"], where: choice.where }} name={name} />
      </div>
      <Table caption={t("codes.by_year", { scope })} columns={columns} rows={years} rowKey={(year) => year}
        rowClass={(year) => (year === choice.year ? "chosen" : undefined)} />
      <p class="note">{t("codes.by_year.note")}</p>
    </>
  );
}

interface Line {
  iri: string;
  name: string;
  sums: Map<string, Sum>;
}

/** At most so many lines can be told apart. */
const DRAWN = 8;

/** How the organisations that state more than one year went, in the chosen scope and phase. */
export function OverYears({ choice, years }: { choice: Choice; years: number }) {
  const asked = years > 1 ? "/sum" : null;
  const params = { by: ["year", "organization"], where: [...choice.where, `scope=${choice.scope}`, `phase=${choice.phase}`] };
  const sums = useAnswer<SumTable>(asked, { ...params, addends: true });
  if (!asked) return null;
  return (
    <>
      <div class="heading">
        <h2>{t("codes.over_years")}</h2>
        <Downloads path={asked} params={params} name={t("codes.over_years")} />
      </div>
      <Shown answer={sums}>{(found) => <Lines table={found} />}</Shown>
    </>
  );
}

function linesOf(table: SumTable): Line[] {
  const lines = new Map<string, Line>();
  for (const row of table.rows) {
    const [iri, year] = [keyOf(row, "organization"), keyOf(row, "year")];
    const line = lines.get(iri) ?? { iri, name: labelOf(row, "organization"), sums: new Map<string, Sum>() };
    const own = table.addends.filter((addend) => addend.key[0] === year && addend.organization === iri);
    line.sums.set(year, { ...row, figures: own.map(asFigure) });
    lines.set(iri, line);
  }
  const last = (line: Line) => [...line.sums].sort(([a], [b]) => b.localeCompare(a))[0]?.[1].amount;
  return [...lines.values()].filter((line) => line.sums.size > 1).sort((a, b) => compareAmounts(last(b), last(a)));
}

function Lines({ table }: { table: SumTable }) {
  const lines = useMemo(() => linesOf(table), [table]);
  const years = [...new Set(lines.flatMap((line) => [...line.sums.keys()]))].sort();
  const scale = columnScale(lines.flatMap((line) => [...line.sums.values()].map((sum) => sum.amount)));
  const option = useMemo((): Drawing => ({
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { type: "scroll", top: 0 },
    tooltip: { trigger: "axis", valueFormatter: (value: unknown) => amountText(value, scale) },
    xAxis: { type: "category", data: years },
    yAxis: { type: "value", name: scale, axisLabel: { formatter: (value: number) => axisText(value, scale) } },
    series: lines.slice(0, DRAWN).map((line) => ({
      type: "line", name: line.name, connectNulls: false, symbolSize: 7,
      data: years.map((year) => (line.sums.has(year) ? forDrawing(line.sums.get(year)?.amount) : null)),
    })),
  }), [lines]);
  if (!lines.length) return <p class="empty">{t("codes.over_years.none")}</p>;
  const columns: Column<Line>[] = [
    { key: "organization", head: t("codes.organization"), wrap: true, cell: (line) => <a href={organizationHref(line.iri)}>{line.name}</a> },
    ...years.map((year): Column<Line> => ({
      key: year, head: t("codes.in", { name: year, scale: "万元" }), number: true, compare: (a, b) => compareAmounts(a.sums.get(year)?.amount, b.sums.get(year)?.amount),
      cell: (line) => <SumAmount of={line.sums.get(year)} scale="万元" bare name={`${line.name} ${year}`} />,
    })),
  ];
  const label = t("codes.over_years.label");
  return (
    <>
      <Chart label={label} option={option} />
      <Table caption={label} columns={columns} rows={lines} rowKey={(line) => line.iri} />
      {lines.length > DRAWN && <p class="note">{t("codes.over_years.some", { n: DRAWN, total: lines.length })}</p>}
    </>
  );
}

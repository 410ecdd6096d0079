/** Amounts from budget to execution, as a table and year on year as a drawing. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Chart, type Drawing } from "../../components/Chart";
import { colour } from "../../components/colour";
import { Empty } from "../../components/State";
import { SumAmount } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { columnScale } from "../../components/Money";
import { forDrawing, inScale, type Scale } from "../../money";
import { viewHref } from "../../router";
import { t } from "../../texts";
import type { DocumentReference, Reference } from "../../types";
import { inWords, PHASES, type Phased, type Phase, type Remark, type YearOnYear } from "./shapes";

/** Tables are in 万元, as the disclosures are, unless all their amounts are small. */
export function tableScale(rows: Phased[]): Scale {
  const scale = columnScale(rows.flatMap((row) => PHASES.map((phase) => row[phase]?.amount)));
  return scale === "元" ? "元" : "万元";
}

/** A change as it is read: “+4.20%”, with a real minus sign. */
export function changeText(change: YearOnYear): string {
  const { percent } = change;
  return percent.startsWith("-") ? `−${percent.slice(1)}%` : `+${percent}%`;
}

function Change({ of }: { of: YearOnYear | null | undefined }) {
  if (!of) return null;
  return <span title={t("departments.change.from", { year: of.from_year })}>{changeText(of)}</span>;
}

interface PhasedTableProps {
  caption: string;
  /** What the amounts are (支出、收入 …), for the names of their sources. */
  what: string;
  rows: Phased[];
  /** The columns that tell the rows apart, in front of the amounts. */
  first: Column<Phased>[];
}

/** Rows of amounts with the columns that any of them has. */
export function PhasedTable({ caption, what, rows, first }: PhasedTableProps) {
  const scale = tableScale(rows);
  const amount = (phase: Phase): Column<Phased> => ({
    key: phase, head: t(`departments.phase.${phase}`), number: true,
    cell: (row) => <SumAmount of={row[phase]} scale={scale} bare name={nameOf(row, what, phase)} />,
  });
  const columns: Column<Phased>[] = [
    ...first,
    ...PHASES.filter((phase) => phase !== "prior_year_execution" && rows.some((row) => row[phase])).map(amount),
  ];
  if (rows.some((row) => row.rate)) {
    columns.push({
      key: "rate", head: t("departments.rate"), number: true,
      cell: (row) => row.rate && <span title={t(`departments.rate.of.${row.rate_of}`)}>{row.rate}%</span>,
    });
  }
  if (rows.some((row) => row.change)) {
    columns.push({ key: "change", head: t("departments.change.executed"), number: true, cell: (row) => <Change of={row.change} /> });
  }
  if (rows.some((row) => row.approved_change)) {
    columns.push({ key: "approved_change", head: t("departments.change.approved"), number: true, cell: (row) => <Change of={row.approved_change} /> });
  }
  if (rows.some((row) => row.prior_year_execution)) columns.push(amount("prior_year_execution"));
  return (
    <div class="phased">
      <Table caption={t("departments.unit", { caption, scale })} captionShown columns={columns} rows={rows} rowKey={rowKey} />
    </div>
  );
}

function rowKey(row: Phased): string {
  return [row.fiscal_year, row.scope, row.item].join(" ");
}

/** “2024年，支出，决算，全部资金”: an amount in words. */
export function nameOf(row: Phased, what: string, phase: Phase): string {
  const item = row.item_name ? inWords(row.item_name) : what;
  return [t("departments.year", { year: row.fiscal_year }), item, t(`departments.phase.${phase}`), inWords(row.scope_name)].join(t("departments.comma"));
}

export function yearColumn(): Column<Phased> {
  return { key: "year", head: t("field.year"), cell: (row) => row.fiscal_year };
}

export function scopeColumn(): Column<Phased> {
  return { key: "scope", head: t("departments.scope"), cell: (row) => inWords(row.scope_name) };
}

// A phase has one colour in all drawings.
const COLOURS: Record<Phase, string> = { approved: "series-2", revised: "series-3", executed: "series-1", prior_year_execution: "series-8" };

/** Bars by year for rows of one scope, from two years on. What is not known leaves a gap. */
export function YearBars({ label, rows, table, height = 16 }: 
  { label: string; rows: Phased[]; table: ComponentChildren; height?: 12 | 16 }) {
  const option = useMemo<Drawing>(() => {
    const scale = columnScale(rows.flatMap((row) => PHASES.map((phase) => row[phase]?.amount)));
    const phases = PHASES.filter((phase) => phase !== "prior_year_execution" && rows.some((row) => row[phase]));
    const byYear = new Map(rows.map((row) => [row.fiscal_year, row]));
    const years = everyYear([...byYear.keys()]);
    const name = (phase: Phase) => t(`departments.phase.${phase}`);
    return {
      aria: { enabled: true },
      legend: { top: 0, data: phases.map(name) },
      grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
      tooltip: { trigger: "item", formatter: (item: { data: { words: string } }) => item.data.words },
      xAxis: { type: "category", data: years.map(String) },
      yAxis: { type: "value", name: scale, axisLabel: { formatter: (value: number) => inScale(value.toFixed(0), scale, scale === "亿元" ? 1 : 0) } },
      series: phases.map((phase) => ({
        type: "bar", name: name(phase), barMaxWidth: 44, itemStyle: { color: colour(COLOURS[phase]) },
        data: years.map((year) => {
          const sum = byYear.get(year)?.[phase];
          if (!sum) return { value: "-", words: "" };
          const figure = inScale(sum.amount, scale);
          return {
            value: forDrawing(sum.amount), words: `${year} ${name(phase)}\n${figure} ${scale}`,
            label: { show: true, position: "top", formatter: figure },
          };
        }),
      })),
    };
  }, [rows]);
  return <Chart label={label} option={option} table={table} height={height} />;
}

/** The years from the first to the last, those between without figures too: neighbours in the drawing are neighbours in time. */
function everyYear(years: number[]): number[] {
  const first = Math.min(...years);
  return Array.from({ length: Math.max(...years) - first + 1 }, (_, place) => first + place);
}

/** What is to be known of figures: what was implied, what does not add up, why there are none. */
export function Remarks({ of }: { of: Remark[] }) {
  return <>{of.map((remark) => <p key={remark.code + remark.zh} class="note">{inWords(remark)}</p>)}</>;
}

/** Why there are no figures, and where to look: at what was read of the documents, and what was not. */
export function NoFigures({ what, remarks, documents, office }: {
  what: string; remarks: Remark[]; documents: DocumentReference[];
  /** The head office: some departments publish only what it spends. */
  office?: Reference | null;
}) {
  return (
    <Empty>
      {t("departments.none", { what })} {remarks.filter((remark) => remark.code !== "no_figures").map(inWords).join(" ")}
      {documents.length > 0 && (
        <><br />{t("departments.none.look")}{documents.map((each, place) => (
          <>{place > 0 && t("departments.comma")}<a key={each.iri} href={viewHref(each.url, each.iri)}>{each.fiscal_year} {each.kind}</a></>
        ))}</>
      )}
      {office && <><br />{t("departments.none.office")}<a href={viewHref(office.url, office.iri)}>{office.name}</a></>}
    </Empty>
  );
}

/** An answer as a drawing: one figure along one column, perhaps grouped by another. Rows are never added up. */
import { useMemo } from "preact/hooks";
import { Chart, type Drawing } from "../../components/Chart";
import { Table } from "../../components/Table";
import { exact, forDrawing, inScale, type Scale } from "../../money";
import { go, withParams, type Route } from "../../router";
import { t } from "../../texts";
import type { Kind } from "./model";

const YUAN: Scale = "元";
const MOST_PLACES = 36;
const MOST_GROUPS = 8;

export interface ChartColumn {
  key: string;
  label: string;
  kind: Kind;
}

export interface Chartable {
  columns: ChartColumn[];
  /** Values as they are shown; figures as exact decimals. */
  rows: (string | null)[][];
}

const isFigure = (column: ChartColumn): boolean => column.kind === "yuan" || column.kind === "number";
const isNaming = (column: ChartColumn): boolean => column.kind === "text" || column.kind === "year";
/** As place of a figure: all that distinguishes its row, in one name. */
const WHOLE_ROW = -2;

interface Chosen {
  x: number;
  y: number;
  by: number;
}

function distinct(rows: (string | null)[][], at: number): number {
  return new Set(rows.map((row) => row[at])).size;
}

/** Columns that can name a place: not all the same, and no long texts. */
function naming({ columns, rows }: Chartable): number[] {
  return columns.flatMap((column, at) => {
    const length = rows.reduce((sum, row) => sum + (row[at]?.length ?? 0), 0) / Math.max(1, rows.length);
    return isNaming(column) && length <= 30 && distinct(rows, at) > 1 ? [at] : [];
  });
}

/** Where a row falls along the drawing. */
function nameOf(row: (string | null)[], { x, by }: Chosen, names: number[]): string {
  const parts = x === WHOLE_ROW ? names.filter((at) => at !== by).map((at) => row[at]) : [row[x]];
  return parts.filter(Boolean).join(" ") || t("queries.chart.unnamed");
}

/** Whether no two rows fall on one place. */
function apart(rows: (string | null)[][], chosen: Chosen, names: number[]): boolean {
  return new Set(rows.map((row) => JSON.stringify([nameOf(row, chosen, names), row[chosen.by] ?? null]))).size === rows.length;
}

/** What to draw unless the user says otherwise; `null`: nothing that makes sense. */
export function sensible(data: Chartable): Chosen | null {
  const { columns, rows } = data;
  const figures = columns.flatMap((column, at) => (isFigure(column) && rows.some((row) => row[at] !== null) ? [at] : []));
  const names = naming(data);
  const y = figures.find((at) => columns[at]?.kind === "yuan") ?? figures[0];
  if (y === undefined || !names.length || rows.length < 2) return null;
  const groups = names.filter((at) => distinct(rows, at) <= MOST_GROUPS);
  const years = names.filter((at) => columns[at]?.kind === "year");
  for (const x of [...years, ...names]) {
    for (const by of [-1, ...groups]) if (by !== x && apart(rows, { x, y, by }, names)) return { x, y, by };
  }
  // Of several columns that only together tell the rows apart, the last one with few values makes the groups.
  return { x: WHOLE_ROW, y, by: names.length > 2 ? (groups.at(-1) ?? -1) : -1 };
}

function Pick({ route, name, label, value, columns, none, whole }:
  { route: Route; name: string; label: string; value: number; columns: [ChartColumn, number][]; none?: string; whole?: string }) {
  return (
    <label><span>{label}</span>
      <select value={String(value)} onChange={(event) => go(withParams(route, { [name]: event.currentTarget.value }), true)}>
        {none !== undefined && <option value="-1">{none}</option>}
        {whole !== undefined && <option value={String(WHOLE_ROW)}>{whole}</option>}
        {columns.map(([column, at]) => <option key={column.key} value={String(at)}>{column.label}</option>)}
      </select>
    </label>
  );
}

export function ResultChart({ route, data, scale, whole }: { route: Route; data: Chartable; scale: Scale; whole: boolean }) {
  const standard = useMemo(() => sensible(data), [data]);
  const given = (name: string, otherwise: number): number => {
    const value = Number(route.params.get(name) ?? otherwise);
    return Number.isInteger(value) && value >= WHOLE_ROW && value < data.columns.length ? value : otherwise;
  };
  const x = given("chart.x", standard?.x ?? WHOLE_ROW);
  const y = Math.max(0, given("chart.y", standard?.y ?? 0));
  const by = given("chart.by", standard?.by ?? -1);
  const made = useMemo(() => draw(data, { x, y, by }, scale), [data, x, y, by, scale]);
  const indexed = data.columns.map((column, at): [ChartColumn, number] => [column, at]);
  if (!standard) return <p class="note">{t("queries.chart.none")}</p>;
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Pick route={route} name="chart.y" label={t("queries.chart.y")} value={y} columns={indexed.filter(([column]) => isFigure(column))} />
        <Pick route={route} name="chart.x" label={t("queries.chart.x")} value={x} whole={t("queries.chart.row")} columns={indexed.filter(([column]) => isNaming(column))} />
        <Pick route={route} name="chart.by" label={t("queries.chart.by")} value={by} none={t("queries.chart.ungrouped")}
          columns={indexed.filter(([column, at]) => isNaming(column) && at !== x)} />
      </form>
      {made.why && <p class="note" role="status">{made.why}</p>}
      {made.cut && <p class="note">{t("queries.chart.some", { n: MOST_PLACES })}</p>}
      {!whole && <p class="note">{t("queries.chart.shown", { n: data.rows.length })}</p>}
      {made.option && <Chart label={made.label} option={made.option} height={made.height} table={made.table} />}
    </>
  );
}

interface Made {
  label: string;
  why?: string;
  cut?: boolean;
  option?: Drawing;
  height: 12 | 16 | 20 | 26 | 32;
  table: preact.JSX.Element | null;
}

function draw(data: Chartable, chosen: Chosen, scale: Scale): Made {
  const { columns, rows } = data;
  const { x, y, by } = chosen;
  const names = naming(data);
  const along: ChartColumn | undefined = x === WHOLE_ROW ? { key: "", label: t("queries.chart.row"), kind: "text" } : columns[x];
  const [figure, group] = [columns[y], by < 0 ? undefined : columns[by]];
  const label = t(group ? "queries.chart.label.by" : "queries.chart.label", { x: along?.label ?? "", y: figure?.label ?? "", by: group?.label ?? "" });
  const nothing: Made = { label, height: 20, table: null };
  const drawn = rows.filter((row) => row[y] !== null && row[y] !== undefined);
  if (!drawn.length || !along || !figure) return { ...nothing, why: t("queries.chart.none") };
  const groupOf = (row: (string | null)[]): string => (group ? (row[by] ?? t("queries.chart.unnamed")) : "");
  const taken = new Map<string, (string | null)[]>();
  for (const row of drawn) {
    const [name, part] = [nameOf(row, chosen, names), groupOf(row)];
    if (taken.has(`${part}\n${name}`)) return { ...nothing, why: t("queries.chart.repeated", { place: [name, part].filter(Boolean).join("，") }) };
    taken.set(`${part}\n${name}`, row);
  }
  const all = [...new Set(drawn.map((row) => nameOf(row, chosen, names)))];
  if (along.kind === "year") all.sort();
  const shown = all.slice(0, MOST_PLACES);
  const groups = [...new Set(drawn.map(groupOf))];
  if (groups.length > MOST_GROUPS) return { ...nothing, why: t("queries.chart.groups", { n: MOST_GROUPS }) };
  const money = figure.kind === "yuan";
  const words = (text: string): string => (money ? `${exact(text)} ${t(`queries.scale.${YUAN}`)}` : text);
  const series = groups.map((name) => ({
    name: name || figure.label,
    type: along.kind === "year" ? "line" : "bar",
    barMaxWidth: 22,
    data: shown.map((place) => {
      const text = taken.get(`${name}\n${place}`)?.[y];
      return text ? { value: forDrawing(text.replace("%", "")), text } : { value: null, text: "" };
    }),
  }));
  const upright = along.kind === "year";
  const values = {
    type: "value",
    splitNumber: 4,
    axisLabel: { hideOverlap: true, formatter: (value: number) => (money ? inScale(String(Math.round(value)), scale, 0) : String(value)) },
    name: money ? t(`queries.scale.${scale}`) : "",
  };
  const categories = { type: "category", data: shown, axisLabel: { width: 260, overflow: "truncate", interval: upright ? "auto" : 0, fontSize: 11 } };
  const option: Drawing = {
    grid: { left: 12, right: 40, top: groups.length > 1 ? 40 : 28, bottom: 12, containLabel: true },
    legend: groups.length > 1 ? { type: "plain", top: 0 } : undefined,
    tooltip: {
      trigger: "item",
      formatter: (item: { name: string; seriesName: string; data: { text: string } }) =>
        [item.name, groups.length > 1 ? item.seriesName : "", words(item.data.text)].filter(Boolean).join("\n"),
    },
    xAxis: upright ? categories : values,
    yAxis: upright ? values : { ...categories, inverse: true },
    series,
    animation: false,
  };
  const size = upright ? 8 : shown.length * Math.max(1, groups.length / 2);
  const height = size <= 6 ? 16 : size <= 12 ? 20 : size <= 20 ? 26 : 32;
  const table = (
    <Table caption={label} rows={drawn.filter((row) => shown.includes(nameOf(row, chosen, names)))} rowKey={(row) => JSON.stringify(row)}
      columns={[
        { key: "x", head: along.label, cell: (row) => nameOf(row, chosen, names), wrap: true },
        ...(group ? [{ key: "by", head: group.label, cell: groupOf, wrap: true }] : []),
        { key: "y", head: figure.label, cell: (row) => (money ? inScale(row[y] ?? "", scale) : row[y]), number: true },
      ]} />
  );
  return { label, option, height, table, cut: all.length > shown.length };
}

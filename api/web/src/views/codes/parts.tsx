/** The parts of a code with what is spent on each: sums of one year, fund scope and phase. */
import { useMemo } from "preact/hooks";
import { useAnswer } from "../../api";
import { Chart, type Drawing } from "../../components/Chart";
import { colour } from "../../components/colour";
import { Downloads } from "../../components/Downloads";
import { columnScale, Money } from "../../components/Money";
import { Rich } from "../../components/Rich";
import { Shown } from "../../components/State";
import { SumAmount, type Sum } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { compareAmounts, forDrawing, inScale } from "../../money";
import { go, href, viewHref } from "../../router";
import { t } from "../../texts";
import type { Choice } from "./one";
import { Remarks } from "./sums";
import { asFigure, dimensions, keyOf, labelOf, type CodeInSums, type CodeRef, type SumRow, type SumTable } from "./shapes";

/** A part of the list, or what is not divided into parts. */
interface Part {
  code: string;
  name: string;
  ref: CodeRef | null;
  sum: (Sum & { organizations: number }) | null;
}

/** The name that sums tell; where none is known they tell the code again. */
function nameOf(row: SumRow, dimension: string): string {
  const label = labelOf(row, dimension);
  return label === keyOf(row, dimension) ? t("codes.nameless") : label;
}

function partsOf(code: CodeInSums, table: SumTable): Part[] {
  const known = (ref: CodeRef): Part => ({ code: ref.code, name: ref.name ?? t("codes.nameless"), ref, sum: null });
  const found = new Map(code.narrower.map((ref) => [ref.code, known(ref)]));
  const dimension = dimensions(code).parts ?? "";
  for (const row of table.rows) {
    const value = keyOf(row, dimension);
    const figures = table.addends.filter((addend) => addend.key[0] === value).map(asFigure);
    const part = found.get(value) ?? { code: value, name: nameOf(row, dimension), ref: null };
    found.set(value, { ...part, sum: { ...row, figures } });
  }
  return [...found.values()].sort((a, b) => a.code.localeCompare(b.code));
}

export function Parts({ code, choice }: { code: CodeInSums; choice: Choice }) {
  const { parts } = dimensions(code);
  const params = { by: parts ?? "", where: [...choice.where, `year=${choice.year}`, `scope=${choice.scope}`, `phase=${choice.phase}`] };
  const answer = useAnswer<SumTable>(parts ? "/sum" : null, { ...params, addends: true });
  return (
    <>
      <div class="heading">
        <h2>{t("codes.parts.title", { year: choice.year })}</h2>
        <Downloads path="/sum" params={params} name={`${code.code} ${choice.year}`} />
      </div>
      <Shown answer={answer}>{(table) => <PartsTable code={code} table={table} choice={choice} />}</Shown>
    </>
  );
}

function PartsTable({ code, table, choice }: { code: CodeInSums; table: SumTable; choice: Choice }) {
  const rows = useMemo(() => partsOf(code, table), [table, code.narrower]);
  const scale = columnScale(rows.map((row) => row.sum?.amount));
  const phase = t(`codes.phase.${choice.phase}`);
  const columns: Column<Part>[] = [
    {
      key: "code", head: t("field.code"), compare: (a, b) => a.code.localeCompare(b.code),
      cell: (row) => (row.ref ? <a href={viewHref(row.ref.url, row.ref.iri)}>{row.code}</a> : row.code),
    },
    { key: "name", head: t("field.name"), wrap: true, cell: (row) => row.name },
    {
      key: "amount", head: t("codes.in", { name: phase, scale: "万元" }), number: true, compare: (a, b) => compareAmounts(a.sum?.amount, b.sum?.amount),
      cell: (row) => <SumAmount of={row.sum} scale="万元" bare name={`${row.code} ${row.name} ${choice.year}`} />,
    },
    {
      key: "organizations", head: t("codes.departments"), number: true,
      cell: (row) => row.sum?.organizations ?? <span class="none">{t("money.none")}</span>,
    },
  ];
  const stated = rows.filter((row) => forDrawing(row.sum?.amount) > 0);
  const label = t("codes.parts.label", { code: code.code, name: code.name, year: choice.year, phase });
  const shown = <Table caption={label} columns={columns} rows={rows} rowKey={(row) => row.code} empty={t("codes.parts.none")} />;
  const words = (item: { name: string; value: number }) => `${item.name}\n${inScale(String(item.value), scale)} ${scale}`;
  const option = useMemo((): Drawing => ({
    tooltip: { formatter: words },
    series: [{
      type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 8, bottom: 0,
      label: { color: colour("card"), formatter: words },
      data: stated.map((row) => ({ name: `${row.code} ${row.name}`, value: forDrawing(row.sum?.amount), code: row.ref?.code })),
    }],
  }), [rows]);
  const open = ({ data }: { data: unknown }) => {
    const picked = (data as { code?: string }).code;
    if (picked) go(href("codes", [code.list, picked]));
  };
  return (
    <>
      {stated.length > 1 && <Chart label={label} option={option} onPick={open} />}
      {shown}
      {table.total && (
        <p class="note"><Rich text="codes.parts.total" parts={{ amount: <Money of={table.total.amount} />, n: table.total.organizations }} /></p>
      )}
      <Remarks remarks={table.notes} />
    </>
  );
}

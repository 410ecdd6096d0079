/** Who spends on a code in a year, within one fund scope: budget → adjusted → executed. */
import { useMemo } from "preact/hooks";
import { useAnswer } from "../../api";
import { Chart, type Drawing } from "../../components/Chart";
import { Downloads } from "../../components/Downloads";
import { columnScale } from "../../components/Money";
import { Shown } from "../../components/State";
import { SumAmount, type Sum } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { compareAmounts, forDrawing, type Scale } from "../../money";
import { go } from "../../router";
import { t } from "../../texts";
import type { Choice } from "./one";
import { Missing, Remarks } from "./sums";
import { amountText, asFigure, axisText, keyOf, labelOf, organizationHref, PHASES, type CodeInSums, type SumTable } from "./shapes";

/** At most so many bars can be read. */
const DRAWN = 15;

interface Spender {
  iri: string;
  name: string;
  /** By phase. */
  sums: Map<string, Sum>;
}

export function Spenders({ code, choice }: { code: CodeInSums; choice: Choice }) {
  const params = { by: ["organization", "phase"], where: [...choice.where, `year=${choice.year}`, `scope=${choice.scope}`] };
  const answer = useAnswer<SumTable>("/sum", { ...params, addends: true });
  return (
    <>
      <div class="heading">
        <h2>{t("codes.spenders", { year: choice.year })}</h2>
        <Downloads path="/sum" params={params} name={`${code.code} ${choice.year}`} />
      </div>
      <Shown answer={answer}>
        {(table) => (
          <>
            <SpendersTable code={code} choice={choice} table={table} />
            <Remarks remarks={table.notes} />
            <Missing of={table.missing} />
          </>
        )}
      </Shown>
    </>
  );
}

/** The sums of each organisation, the largest first. */
function spendersOf(table: SumTable): Spender[] {
  const found = new Map<string, Spender>();
  for (const row of table.rows) {
    const [iri, phase] = [keyOf(row, "organization"), keyOf(row, "phase")];
    const spender = found.get(iri) ?? { iri, name: labelOf(row, "organization"), sums: new Map<string, Sum>() };
    const figures = table.addends.filter((addend) => addend.organization === iri && addend.key[1] === phase).map(asFigure);
    spender.sums.set(phase, { ...row, figures });
    found.set(iri, spender);
  }
  return [...found.values()].sort((a, b) => compareAmounts(telling(b), telling(a)));
}

/** The amount that tells best what an organisation spent. */
function telling(spender: Spender): string | undefined {
  const phase = [...PHASES].reverse().find((each) => spender.sums.has(each));
  return phase && spender.sums.get(phase)?.amount;
}

function SpendersTable({ code, choice, table }: { code: CodeInSums; choice: Choice; table: SumTable }) {
  const rows = useMemo(() => spendersOf(table), [table]);
  const phases = PHASES.filter((phase) => rows.some((row) => row.sums.has(phase)));
  const scale = columnScale(table.rows.map((row) => row.amount));
  const columns: Column<Spender>[] = [
    {
      key: "organization", head: t("codes.organization"), wrap: true, compare: (a, b) => a.name.localeCompare(b.name, "zh"),
      cell: (row) => <a href={organizationHref(row.iri)}>{row.name}</a>,
    },
    ...phases.map((phase): Column<Spender> => ({
      key: phase, head: t("codes.in", { name: t(`codes.phase.${phase}`), scale: "万元" }), number: true,
      compare: (a, b) => compareAmounts(a.sums.get(phase)?.amount, b.sums.get(phase)?.amount),
      cell: (row) => <SumAmount of={row.sums.get(phase)} scale="万元" bare name={`${row.name} ${choice.year} ${t(`codes.phase.${phase}`)}`} />,
    })),
  ];
  const label = t("codes.spenders.label", { code: code.code, name: code.name, year: choice.year });
  const option = useMemo(() => bars(rows.slice(0, DRAWN), phases, scale), [rows]);
  const drawn = Math.min(rows.length, DRAWN);
  const open = ({ name }: { name: string }) => {
    const picked = rows.find((row) => row.name === name);
    if (picked) go(organizationHref(picked.iri));
  };
  return (
    <>
      {drawn > 1 && (
        <Chart label={rows.length > DRAWN ? `${label}${t("codes.spenders.first", { n: DRAWN })}` : label} option={option}
          height={drawn > 8 ? 32 : drawn > 4 ? 20 : 12} onPick={open} />
      )}
      <Table caption={label} columns={columns} rows={rows} rowKey={(row) => row.iri} empty={t("codes.spending.none")} />
    </>
  );
}

function bars(rows: Spender[], phases: readonly string[], scale: Scale): Drawing {
  const upwards = [...rows].reverse(); // the first row stands on top
  return {
    grid: { left: 8, right: 32, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value: unknown) => amountText(value, scale) },
    xAxis: { type: "value", name: scale, axisLabel: { formatter: (value: number) => axisText(value, scale), hideOverlap: true } },
    yAxis: { type: "category", data: upwards.map((row) => row.name), axisLabel: { width: 220, overflow: "truncate" } },
    series: phases.map((phase) => ({
      type: "bar", name: t(`codes.phase.${phase}`), barMaxWidth: 14,
      data: upwards.map((row) => { const sum = row.sums.get(phase); return sum ? forDrawing(sum.amount) : null; }),
    })),
  };
}

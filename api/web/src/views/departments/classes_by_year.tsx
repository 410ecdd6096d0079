/** Expenditure by class (类) over the years, of one scope and phase. */
import { useMade } from "../../api";
import { Downloads } from "../../components/Downloads";
import { columnScale } from "../../components/Money";
import { Shown } from "../../components/State";
import { SumAmount, type Sum } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { href } from "../../router";
import { language, t } from "../../texts";
import { Remarks } from "./figures";
import { inWords, type Department } from "./shapes";
import { askSums, type KeyPart, type SumRows } from "./sums";

interface ClassRow {
  part: KeyPart;
  byYear: Map<string, Sum>;
}

interface ClassesByYearProps {
  department: Department;
  scope: string;
  phase: string;
  /** Scope and phase in words. */
  which: { scope: string; phase: string };
}

export function ClassesByYear({ department, scope, phase, which }: ClassesByYearProps) {
  const where = [`organization=${department.iri}`, `scope=${scope}`, `phase=${phase}`];
  const params = { measure: "expenditure", by: ["year", "class"], where, language: language() };
  const answer = useMade<SumRows>(where.join(" "), (signal) => askSums(params, signal));
  return (
    <Shown answer={answer}>
      {(found) => {
        const years = [...new Set(found.rows.map(({ key }) => key[0]?.value ?? ""))].sort();
        if (years.length < 2) return null;
        const scale = columnScale(found.rows.map(({ sum }) => sum.amount)) === "元" ? "元" : "万元";
        const columns: Column<ClassRow>[] = [
          { key: "code", head: t("field.code"), wide: true, cell: ({ part }) => part.value },
          { key: "name", head: t("field.name"), wrap: true, cell: ({ part }) => <a href={href("codes", ["functional", part.value])}>{inWords(part)}</a> },
          ...years.map((year): Column<ClassRow> => ({
            key: year, head: year, number: true,
            cell: ({ part, byYear }) => (
              <SumAmount of={byYear.get(year)} scale={scale} bare name={`${t("departments.year", { year })} ${inWords(part)}`} />
            ),
          })),
        ];
        const title = t("departments.classes.by_year", which);
        return (
          <div class="classes">
            <div class="heading"><h3>{title}</h3><Downloads path="/sum" params={params} name={`${department.name} ${title}`} /></div>
            <Table caption={t("departments.unit", { caption: title, scale })} captionShown columns={columns}
              rows={rowsOf(found)} rowKey={({ part }) => part.value} />
            <Remarks of={found.notes} />
          </div>
        );
      }}
    </Shown>
  );
}

function rowsOf(found: SumRows): ClassRow[] {
  const rows = new Map<string, ClassRow>();
  for (const { key: [year, part], sum } of found.rows) {
    if (!year || !part) continue;
    const row = rows.get(part.value) ?? { part, byYear: new Map<string, Sum>() };
    row.byYear.set(year.value, sum);
    rows.set(part.value, row);
  }
  return [...rows.values()].sort((a, b) => (a.part.value < b.part.value ? -1 : 1));
}

/** “三公”经费 by year: its three items and their total, from budget to execution. */
import { useMade } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Shown } from "../../components/State";
import type { Column } from "../../components/Table";
import { forDrawing } from "../../money";
import { withParams, type Route } from "../../router";
import { language, t } from "../../texts";
import { NoFigures, PhasedTable, Remarks, scopeColumn, YearBars, yearColumn } from "./figures";
import { inOrder, inWords, PHASES, type Department, type Phased, type Words } from "./shapes";
import { askSums, phaseTold, type SumRows } from "./sums";

export function ThreePublics({ department, route }: { department: Department; route: Route }) {
  const { three_publics: table } = department;
  const what = t("departments.three-publics");
  const rows = inOrder(table.items);
  const idle = idleScopes(rows);
  const zeros = route.params.get("zeros") === "1";
  const params = { measure: "three_publics", by: ["year", "phase", "scope"], where: [`organization=${department.iri}`], language: language() };
  const totals = useMade<SumRows>(rows.length ? department.iri : null, (signal) => askSums(params, signal));
  const title = (
    <div class="heading">
      <h2>{what}</h2>
      {rows.length > 0 && (
        <Downloads path="/sum" params={{ ...params, by: [...params.by, "three_publics_item"] }} name={`${department.name} ${what}`} />
      )}
    </div>
  );
  if (!rows.length) return <>{title}<NoFigures what={what} remarks={table.remarks} documents={department.documents} office={department.head_office} /></>;
  return (
    <>
      {title}
      <Shown answer={totals}>
        {(found) => {
          const summed = totalRows(found, rows);
          const drawn = longest(summed);
          const shown = withTotals(rows, summed).filter((row) => zeros || !idle.has(row.scope));
          return (
            <>
              {drawn.length > 1 && (
                <YearBars label={t("departments.by.year", { what, scope: drawn[0] ? inWords(drawn[0].scope_name) : "" })}
                  height={12} rows={drawn} table={<PhasedTable caption={what} what={what} rows={drawn} first={[yearColumn()]} />} />
              )}
              <PhasedTable caption={what} what={what} rows={shown}
                first={[yearColumn(), scopeColumn(), itemColumn()]} />
              {idle.size > 0 && (
                <p class="note">{t("departments.zeros", { scopes: [...idle.values()].map(inWords).join(t("departments.comma")) })}{" "}
                  <a href={withParams(route, { zeros: zeros ? null : 1 })}>{t(zeros ? "departments.zeros.hide" : "departments.zeros.show")}</a></p>
              )}
              <p class="note">{t("departments.scopes.contain")}</p>
              <Remarks of={[...table.remarks, ...found.notes]} />
            </>
          );
        }}
      </Shown>
    </>
  );
}

/** Scopes of which nothing but zeros is printed, where another has amounts. */
function idleScopes(rows: Phased[]): Map<string, Words> {
  const busy = (row: Phased) => PHASES.some((phase) => forDrawing(row[phase]?.amount) !== 0);
  const found = new Map(rows.map((row) => [row.scope, row.scope_name]));
  for (const row of rows) if (busy(row)) found.delete(row.scope);
  return rows.some(busy) ? found : new Map();
}

function itemColumn(): Column<Phased> {
  return {
    key: "item", head: t("departments.item"),
    cell: (row) => (row.item_name ? inWords(row.item_name) : <b>{t("departments.total.short")}</b>),
  };
}

/** The totals by year and scope, as rows like those of the items. Rates are the server's to state: totals have none. */
function totalRows(found: SumRows, items: Phased[]): Phased[] {
  const rows = new Map<string, Phased>();
  for (const { key, sum } of found.rows) {
    const [year, phase, scope] = ["year", "phase", "scope"].map((name) => key.find((part) => part.dimension === name));
    const place = phaseTold(phase?.value);
    if (!year || !scope || !place) continue;
    const id = `${year.value} ${scope.value}`;
    const row = rows.get(id) ?? {
      fiscal_year: Number(year.value), scope: scope.value, scope_name: scope, item: null, item_name: null,
      rate: null, rate_of: null, change: null, approved_change: null,
      approved: null, revised: null, executed: null, prior_year_execution: null,
    };
    row[place] = sum;
    rows.set(id, row);
  }
  const known = new Set(items.map((item) => `${item.fiscal_year} ${item.scope}`));
  return inOrder([...rows.entries()].filter(([id]) => known.has(id)).map(([, row]) => row));
}

/** Each year's and scope's items, and behind them their total. */
function withTotals(items: Phased[], totals: Phased[]): Phased[] {
  const groups = new Map<string, Phased[]>();
  for (const row of [...items, ...totals]) {
    const id = `${row.fiscal_year} ${row.scope}`;
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return [...groups.values()].flat();
}

/** The totals of the scope that most years state. */
function longest(totals: Phased[]): Phased[] {
  const scopes = new Map<string, Phased[]>();
  for (const row of totals) scopes.set(row.scope, [...(scopes.get(row.scope) ?? []), row]);
  return [...scopes.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

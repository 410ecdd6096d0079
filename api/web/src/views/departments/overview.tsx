/** The money of a department at a glance: a sentence, then expenditure and revenue by year and by scope. */
import { useMemo } from "preact/hooks";
import { Downloads } from "../../components/Downloads";
import { Rich } from "../../components/Rich";
import { SumAmount } from "../../components/SumAmount";
import { go, withParams, type Route } from "../../router";
import { language, t } from "../../texts";
import { changeText, nameOf, NoFigures, PhasedTable, Remarks, scopeColumn, yearColumn, YearBars } from "./figures";
import { choice, inOrder, inWords, type Chosen, type Department, type FigureTable, type Phase, type Phased } from "./shapes";

export function Overview({ department, route }: { department: Department; route: Route }) {
  const chosen = choice(department.expenditure, route);
  return (
    <>
      {chosen?.row && <Lead row={chosen.row} before={yearBefore(department.expenditure, chosen.row)} />}
      {chosen && <YearAndScope chosen={chosen} route={route} />}
      {chosen && chosen.scopes.length > 1 && <p class="note">{t("departments.scopes.contain")}</p>}
      <Section measure="expenditure" department={department} chosen={chosen} />
      <Section measure="revenue" department={department} chosen={choice(department.revenue, route)} />
    </>
  );
}

/** The lists of years and scopes, in the address. */
function YearAndScope({ chosen, route }: { chosen: Chosen; route: Route }) {
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label><span>{t("field.year")}</span>
        <select name="year" value={chosen.year} onChange={(event) => go(withParams(route, { year: event.currentTarget.value }))}>
          {chosen.years.map((year) => <option key={year} value={year}>{year}</option>)}
        </select>
      </label>
      <label><span>{t("departments.scope")}</span>
        <select name="scope" value={chosen.scope} onChange={(event) => go(withParams(route, { scope: event.currentTarget.value }))}>
          {chosen.scopes.map((scope) => <option key={scope.value} value={scope.value}>{inWords(scope.name)}</option>)}
        </select>
      </label>
    </form>
  );
}

function yearBefore(table: FigureTable, row: Phased): Phased | undefined {
  return table.items.find((each) => each.scope === row.scope && each.fiscal_year === row.fiscal_year - 1);
}

/** The chosen year in a sentence; every figure in it has its source. */
function Lead({ row, before }: { row: Phased; before: Phased | undefined }) {
  const what = t("departments.expenditure");
  const phase: Phase | undefined = (["executed", "revised", "approved"] as const).find((each) => row[each]);
  if (!phase) return null;
  const amount = (of: Phased, at: Phase) => <b><SumAmount of={of[at]} name={nameOf(of, what, at)} /></b>;
  const change = phase === "executed" ? row.change : row.approved_change;
  const parts = [
    <Rich text={`departments.lead.${phase}`} parts={{ year: row.fiscal_year, scope: inWords(row.scope_name), amount: amount(row, phase) }} />,
  ];
  if (phase === "executed" && row.rate && row.rate_of) {
    parts.push(<Rich text={`departments.lead.rate.${row.rate_of}`} parts={{ rate: row.rate, amount: amount(row, row.rate_of) }} />);
  }
  if (before?.[phase]) {
    parts.push(<Rich text={change ? "departments.lead.change" : "departments.lead.before"}
      parts={{ year: before.fiscal_year, change: change ? changeText(change) : "", amount: amount(before, phase) }} />);
  }
  return <p class="lead in-words">{parts.map((part, place) => <>{place > 0 && t("departments.semicolon")}{part}</>)}{t("departments.stop")}</p>;
}

/** One side of the money: the chosen scope by year, and the chosen year by scope. */
function Section({ measure, department, chosen }: { measure: "expenditure" | "revenue"; department: Department; chosen: Chosen | null }) {
  const what = t(`departments.${measure}`);
  const table = department[measure];
  const ordered = useMemo(() => inOrder(table.items), [table]);
  const byYear = useMemo(() => ordered.filter((row) => row.scope === chosen?.scope), [ordered, chosen?.scope]);
  const byScope = ordered.filter((row) => row.fiscal_year === chosen?.year);
  if (!chosen) return <><h2>{what}</h2><NoFigures what={what} remarks={table.remarks} documents={department.documents} office={department.head_office} /></>;
  const params = { measure, by: ["year", "phase", "scope"], where: [`organization=${department.iri}`], language: language() };
  const caption = t("departments.by.year", { what, scope: chosen.scopeName });
  const years = <PhasedTable caption={caption} what={what} rows={byYear} first={[yearColumn()]} />;
  const scopes = <PhasedTable caption={t("departments.by.scope", { what, year: chosen.year })} what={what} rows={byScope} first={[scopeColumn()]} />;
  return (
    <>
      <div class="heading"><h2>{what}</h2><Downloads path="/sum" params={params} name={`${department.name} ${what}`} /></div>
      {byYear.length > 1 && (
        <div class="columns money-years">
          <YearBars label={caption} rows={byYear} table={years} />
          {years}
        </div>
      )}
      {(byYear.length < 2 || byScope.length > 1) && scopes}
      <Remarks of={table.remarks} />
    </>
  );
}

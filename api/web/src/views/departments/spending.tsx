/** Expenditure by functional class (功能分类) of one year, scope and phase: 类, 款, 项 as areas and as a table. */
import { useAnswer } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Empty, Shown } from "../../components/State";
import type { Sum } from "../../components/SumAmount";
import { go, withParams, type Params, type Route } from "../../router";
import { has, language, t } from "../../texts";
import { Areas } from "./areas";
import { ClassesByYear } from "./classes_by_year";
import { ClassTable } from "./class_table";
import { NoFigures, Remarks } from "./figures";
import { apiPath, inWords, type Department, type Remark, type Words } from "./shapes";

/** A code with what is spent on it, and on what in it. */
export interface SpendingItem {
  code: string;
  name: string;
  iri: string;
  url: string;
  sum: Sum;
  /** Percent of all; `null` where a part is negative. */
  share: string | null;
  /** Money of the code above that the document does not break down further. */
  rest: boolean;
  /** Whether `items` make up the whole, or miss it by rounding or by more. */
  parts: "equal" | "rounding" | "differ" | null;
  items: SpendingItem[];
}

interface Choice {
  fiscal_year: number;
  scope: string;
  scope_name: Words;
  phase: string;
  phase_name: Words;
}

/** What `/departments/{name}/spending` answers. */
interface SpendingAnswer {
  fiscal_year: number | null;
  scope: string | null;
  scope_name: Words | null;
  phase: string | null;
  phase_name: Words | null;
  choices: Choice[];
  total: Sum | null;
  items: SpendingItem[];
  remarks: Remark[];
  refused: Remark[];
}

export function Spending({ department, route }: { department: Department; route: Route }) {
  const params = { year: route.params.get("year"), scope: route.params.get("scope"), phase: route.params.get("phase") };
  const answer = useAnswer<SpendingAnswer>(`${apiPath(route)}/spending`, params);
  return (
    <>
      <h2>{t("departments.spending")}</h2>
      <Shown answer={answer}>
        {(found) => (
          <>
            <Choices of={found} department={department} route={route} />
            {found.items.length ? <Told found={found} department={department} route={route} /> : <Untold found={found} department={department} route={route} />}
          </>
        )}
      </Shown>
    </>
  );
}

/** Lists of what there is: of all years, of the scopes of the year, of the phases of both. */
function Choices({ of, department, route }: { of: SpendingAnswer; department: Department; route: Route }) {
  const { choices } = of;
  // A scope of the address that has no spending by function is named as the other tables name it.
  const named = department.expenditure.items.find((each) => each.scope === of.scope)?.scope_name;
  if (!choices.length) return null;
  const ofYear = choices.filter((each) => each.fiscal_year === of.fiscal_year);
  const ofScope = ofYear.filter((each) => each.scope === of.scope);
  const choose = (name: string, value: string) => go(withParams(route, nearest(choices, { ...of, [FIELDS[name] ?? name]: value })));
  const list = (name: string, label: string, value: string | number | null, all: [string | number, string][]) => (
    <label><span>{label}</span>
      <select name={name} value={value ?? ""} onChange={(event) => choose(name, event.currentTarget.value)}>
        {!all.some(([each]) => each === value) && (
          <option value={value ?? ""}>{unlisted(name, value, named)}</option>
        )}
        {[...new Map(all)].map(([each, words]) => <option key={each} value={each}>{words}</option>)}
      </select>
    </label>
  );
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {list("year", t("field.year"), of.fiscal_year, choices.map((each) => [each.fiscal_year, String(each.fiscal_year)]))}
      {list("scope", t("departments.scope"), of.scope, ofYear.map((each) => [each.scope, inWords(each.scope_name)]))}
      {list("phase", t("departments.phase"), of.phase, ofScope.map((each) => [each.phase, inWords(each.phase_name)]))}
    </form>
  );
}

/** Words for a value of the address that is none of the choices. */
function unlisted(name: string, value: string | number | null, scope: Words | undefined): string | number {
  if (name === "scope" && scope) return inWords(scope);
  if (name === "phase" && has(`departments.phase.${value}`)) return t(`departments.phase.${value}`);
  return value ?? t("money.none");
}

const FIELDS: Record<string, string> = { year: "fiscal_year" };

/** Of all choices the one that has most of what is wanted: the year, then the scope, then the phase. */
function nearest(choices: Choice[], wanted: { fiscal_year: number | string | null; scope: string | null; phase: string | null }): Params {
  const likeness = (each: Choice) => (each.fiscal_year === Number(wanted.fiscal_year) ? 4 : 0)
    + (each.scope === wanted.scope ? 2 : 0) + (each.phase === wanted.phase ? 1 : 0);
  const [best] = [...choices].sort((a, b) => likeness(b) - likeness(a));
  return { year: best?.fiscal_year, scope: best?.scope, phase: best?.phase };
}

function Told({ found, department, route }: { found: SpendingAnswer; department: Department; route: Route }) {
  const { fiscal_year: year, scope_name: scope, phase_name: phase } = found;
  const which = { year: year ?? "", scope: scope ? inWords(scope) : "", phase: phase ? inWords(phase) : "" };
  const caption = t("departments.classes.of", which);
  const params = {
    measure: "expenditure", by: ["class", "subclass", "item"], language: language(),
    where: [`organization=${department.iri}`, `year=${year}`, `scope=${found.scope}`, `phase=${found.phase}`],
  };
  const years = new Set(found.choices.filter((each) => each.scope === found.scope && each.phase === found.phase).map((each) => each.fiscal_year));
  return (
    <>
      <Areas items={found.items} label={t("departments.areas", which)} name={department.name} />
      <div class="heading">
        <h3>{t("departments.classes")}</h3>
        <Downloads path="/sum" params={params} name={`${department.name} ${caption}`} />
      </div>
      <ClassTable items={found.items} total={found.total} route={route} caption={caption} />
      <Remarks of={found.remarks} />
      {years.size > 1 && found.scope && found.phase && (
        <ClassesByYear department={department} scope={found.scope} phase={found.phase} which={which} />
      )}
    </>
  );
}

function Untold({ found, department, route }: { found: SpendingAnswer; department: Department; route: Route }) {
  if (found.refused.length) {
    return (
      <div class="problem" role="note">
        <p><b>{t("departments.refused")}</b></p>
        {found.refused.map((reason) => <p key={reason.code}>{inWords(reason)}</p>)}
      </div>
    );
  }
  if (found.choices.length) {
    return <Empty>{t("departments.none.choice")} <a href={withParams(route, nearest(found.choices, found))}>{t("departments.none.nearest")}</a></Empty>;
  }
  return <NoFigures what={t("departments.spending")} remarks={found.remarks} documents={department.documents} office={department.head_office} />;
}

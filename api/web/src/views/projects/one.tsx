/** One project: what every document reports of it, year by year, and the whole chain of one of them. */
import { useAnswer } from "../../api";
import { listed } from "../../components/listed";
import { Downloads } from "../../components/Downloads";
import { SourceButton } from "../../components/Source";
import { Shown } from "../../components/State";
import { Table, type Column } from "../../components/Table";
import { forDrawing } from "../../money";
import { href, viewHref, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import type { Money as Amount } from "../../types";
import { InWan } from "./amounts";
import { EntryChain } from "./entry";
import { IndicatorsOverYears } from "./over_years";
import { Rate } from "./rate";
import { entryHref, entryKey, inOrder, isEvaluated, type Entry, type Project } from "./shapes";

/** The largest of the amounts, as the length that bars are drawn in parts of. */
function longest(amounts: (Amount | null)[]): number {
  return Math.max(0, ...amounts.map((amount) => forDrawing(amount?.amount)));
}

/** An amount over a bar of its length beside the others of the table. */
function Barred({ of, longest: whole }: { of: Amount | null; longest: number }) {
  return (
    <span class="barred">
      <InWan of={of} />
      {of?.amount && whole > 0 && (
        <span class="meter" aria-hidden="true"><span style={{ inlineSize: `${(100 * Math.max(forDrawing(of.amount), 0)) / whole}%` }} /></span>
      )}
    </span>
  );
}

function Years({ route, entries, shown }: { route: Route; entries: Entry[]; shown: Entry }) {
  const whole = longest(entries.flatMap((entry) => [entry.budget_initial, entry.budget_full, entry.executed]));
  const several = new Set(entries.map((entry) => entry.document.document)).size < entries.length;
  const money = (name: "initial" | "full" | "executed", of: (entry: Entry) => Amount | null): Column<Entry> => ({
    key: name, head: t(`projects.${name}.in`, { scale: "万元" }), number: true, cell: (entry) => <Barred of={of(entry)} longest={whole} />,
  });
  const columns: Column<Entry>[] = [
    {
      key: "year", head: t("projects.reported"), cell: (entry) => (
        <>
          <a href={entryHref(route, entry)} aria-current={entry === shown ? "true" : undefined}>{entry.document.fiscal_year} {entry.document.kind}</a>
          {several && <span class="under">{entry.implementing_unit}</span>}
          <span class="under">{entry.document.document}</span>
        </>
      ),
    },
    money("initial", (entry) => entry.budget_initial),
    money("full", (entry) => entry.budget_full),
    money("executed", (entry) => entry.executed),
    { key: "rate", head: t("field.rate"), number: true, cell: (entry) => <Rate of={entry} /> },
    { key: "score", head: t("field.score"), number: true, cell: (entry) => entry.score ?? <span class="none">{t("money.none")}</span> },
    {
      key: "source", head: t("source.open"),
      cell: (entry) => <SourceButton iri={entry.iri} of={`${entry.document.fiscal_year} ${entry.document.kind}`} />,
    },
  ];
  return (
    <Table caption={t("projects.years.caption")} columns={columns} rows={entries} rowKey={(entry) => entry.iri}
      rowClass={(entry) => (entry === shown ? "chosen" : undefined)} />
  );
}

/** Which entry the address names; else the latest that tells what was done; else the latest. */
function chosen(route: Route, entries: Entry[]): Entry | undefined {
  const named = route.params.get("entry");
  return entries.find((entry) => entryKey(entry) === named) ?? entries.filter(isEvaluated).at(-1) ?? entries.at(-1);
}

export function OneProject({ route }: { route: Route }) {
  const answer = useAnswer<Project>(`/projects/${route.path.map(encodeURIComponent).join("/")}`);
  useTitle(answer.value?.name ?? route.path.at(-1) ?? "");
  return (
    <>
      <p class="note"><a href={href("projects")}>{t("nav.projects")}</a></p>
      {!answer.value && <h1>{route.path.at(-1)}</h1>}
      <Shown answer={answer}>{(project) => <Shape route={route} project={project} />}</Shown>
    </>
  );
}

function Shape({ route, project }: { route: Route; project: Project }) {
  const entries = inOrder(project.entries);
  const shown = chosen(route, entries);
  const { department, implementing_unit: unit } = project;
  return (
    <>
      <h1>{project.name}</h1>
      <p class="facts">
        {department && <span>{t("projects.department")} <a href={viewHref(department.url, department.iri)}>{department.name}</a></span>}
        {unit && unit.iri !== department?.iri && <span>{t("projects.unit")} <a href={viewHref(unit.url, unit.iri)}>{unit.name}</a></span>}
        {project.other_names.length > 0 && <span>{t("projects.other_names")} {listed(project.other_names)}</span>}
      </p>
      <div class="heading">
        <h2>{t("projects.years")}</h2>
        {shown && <Downloads path={`/projects/${route.path.map(encodeURIComponent).join("/")}`} name={project.name} />}
      </div>
      {project.entries.length < project.entries_total && (
        <p class="note">{t("list.shown", { shown: project.entries.length, total: project.entries_total })}</p>
      )}
      {shown ? (
        <>
          <Years route={route} entries={entries} shown={shown} />
          {entries.length > 1 && <p class="note">{t("projects.years.note")}</p>}
          <EntryChain project={project} entry={shown} />
          <IndicatorsOverYears project={project} entries={entries} />
        </>
      ) : <p class="empty">{t("projects.empty")}</p>}
    </>
  );
}

/** What an auditor would ask about: the checks of a department's documents, and the issues that others have too. */
import { useList, type Page } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Filters, Select } from "../../components/Filters";
import { Money } from "../../components/Money";
import { Shown } from "../../components/State";
import { More, Table, type Column } from "../../components/Table";
import { href, viewHref, type Route } from "../../router";
import { t } from "../../texts";
import type { Reference } from "../../types";
import { inWords, type Department, type Words } from "./shapes";

// What differs first.
const VERDICTS = ["contradicts", "questionable", "scope_differs", "rounding", "cannot_tell", "agrees"];

export function Checks({ department }: { department: Department }) {
  const { verdicts } = department.checks;
  const documents = department.documents.map((each) => each.document);
  const rows = VERDICTS.filter((verdict) => verdict in verdicts);
  const columns: Column<string>[] = [
    { key: "verdict", head: t("departments.verdict"),
      cell: (verdict) => <span class={tagOf(verdict, verdicts[verdict] ?? 0)}>{t(`departments.verdict.${verdict}`)}</span> },
    { key: "means", head: t("departments.verdict.means"), wrap: true, wide: true, cell: (verdict) => t(`departments.verdict.${verdict}.means`) },
    { key: "number", head: t("departments.number"), number: true,
      cell: (verdict) => (verdicts[verdict] ? <a href={href("checks", [], { document: documents, verdict })}>{verdicts[verdict]}</a> : 0) },
  ];
  return (
    <>
      <div class="heading">
        <h2>{t("departments.checks")}</h2>
        {documents.length > 0 && <Downloads path="/checks" params={{ document: documents }} name={`${department.name} ${t("departments.checks")}`} />}
      </div>
      {documents.length
        ? <Table caption={t("departments.checks")} columns={columns} rows={rows} rowKey={(verdict) => verdict} />
        : <p class="note">{t("departments.checks.none")}</p>}
    </>
  );
}

function tagOf(verdict: string, number: number): string {
  if (!number) return "tag calm";
  if (verdict === "contradicts") return "tag";
  if (verdict === "questionable" || verdict === "scope_differs") return "tag warn";
  return verdict === "agrees" ? "tag good" : "tag calm";
}

interface Issue {
  iri: string;
  url: string;
  label: string;
  side: "cause" | "measure";
  type: { name: Words } | null;
  departments: Reference[];
  years: number[];
  projects: number;
  budget: string | null;
  projects_with_budget: number;
}

export function SharedIssues({ department, route }: { department: Department; route: Route }) {
  const params = { department: department.iri, min_departments: 2, side: route.params.get("side") };
  const list = useList<Issue, Page<Issue>>("/issues", { ...params, limit: 50 });
  const columns: Column<Issue>[] = [
    { key: "label", head: t("departments.issue"), wrap: true, cell: (issue) => <a href={viewHref(issue.url, issue.iri)}>{issue.label}</a> },
    { key: "side", head: t("departments.side"), cell: (issue) => t(`departments.side.${issue.side}`) },
    { key: "type", head: t("field.kind"), wide: true, cell: (issue) => issue.type && inWords(issue.type.name) },
    { key: "others", head: t("departments.others"), wrap: true,
      cell: (issue) => <Others of={issue.departments.filter((each) => each.iri !== department.iri)} /> },
    { key: "years", head: t("field.year"), wide: true, cell: (issue) => issue.years.join(t("departments.comma")) },
    { key: "budget", head: t("departments.issue.budget"), number: true, wide: true,
      cell: (issue) => issue.budget && (
        <span title={t("departments.issue.budget.of", { n: issue.projects_with_budget, all: issue.projects })}><Money of={issue.budget} /></span>
      ) },
  ];
  return (
    <>
      <div class="heading">
        <h2>{t("departments.issues")}</h2>
        <Downloads path="/issues" params={params} name={`${department.name} ${t("departments.issues")}`} />
      </div>
      <p class="note">
        {t("departments.issues.lead")}{" "}
        {department.issues.total > 0 && (
          <a href={href("issues", [], { department: department.name })}>{t("departments.issues.all", { n: department.issues.total })}</a>
        )}
      </p>
      <Filters route={route} clearable={[]}>
        <Select route={route} name="side" label={t("departments.side")}
          choices={["cause", "measure"].map((value) => ({ value, label: t(`departments.side.${value}`) }))} />
      </Filters>
      <Shown answer={list}>
        {() => (
          <>
            <Table caption={t("departments.issues")} columns={columns} rows={list.items} rowKey={(issue) => issue.iri} empty={t("departments.issues.none")} />
            <More list={list} />
          </>
        )}
      </Shown>
    </>
  );
}

const OTHERS_SHOWN = 4;

function Others({ of }: { of: Reference[] }) {
  const shown = of.slice(0, OTHERS_SHOWN);
  return (
    <>
      {shown.map((each, place) => <>{place > 0 && t("departments.comma")}<a key={each.iri} href={viewHref(each.url, each.iri)}>{each.name}</a></>)}
      {of.length > shown.length && t("departments.others.more", { n: of.length - shown.length })}
    </>
  );
}

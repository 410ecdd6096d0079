/** The projects of a department: a line for each year that a document tells of one. */
import { useList } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Field, Filters, Select } from "../../components/Filters";
import { columnScale, Money as Amount } from "../../components/Money";
import { Shown } from "../../components/State";
import { SourceButton } from "../../components/Source";
import { More, Table, type Column } from "../../components/Table";
import { compareAmounts, type Scale } from "../../money";
import { viewHref, type Route } from "../../router";
import { t } from "../../texts";
import type { Money } from "../../types";
import type { ListedReport, ProjectSummary } from "../projects/shapes";
import type { Department } from "./shapes";

/** One year of a project. `copies`: other places of the same disclosure (in another file, in another table) that say the same. */
interface Line {
  project: ProjectSummary;
  report: ListedReport;
  copies: ListedReport[];
}

// What the server can order by, where the page has only a part of the list.
const ORDERS = ["-budget", "-executed", "rate", "-rate", "score", "-score"];

export function ProjectsOf({ department, route }: { department: Department; route: Route }) {
  const year = route.params.get("year");
  const params = { department: department.iri, year, q: route.params.get("q"), max_rate: route.params.get("max_rate"), sort: route.params.get("sort") };
  const list = useList<ProjectSummary>("/projects", { ...params, limit: 200 });
  const years = [...new Set(department.documents.map((document) => document.fiscal_year))].sort((a, b) => b - a);
  const lines = list.items.flatMap((project) => project.reports
    .filter((report) => report.admitted)
    .reduce<Line[]>((found, report) => {
      const same = found.find((line) => isCopy(line.report, report));
      if (same) same.copies.push(report);
      else found.push({ project, report, copies: [] });
      return found;
    }, []));
  const scale = columnScale(lines.map(({ report }) => report.budget_initial?.amount ?? report.executed?.amount)) === "元" ? "元" : "万元";
  return (
    <>
      <div class="heading">
        <h2>{t("departments.projects")}</h2>
        <Downloads path="/projects" params={params} name={`${department.name} ${t("departments.projects")}`} />
      </div>
      <Filters route={route} clearable={[]}>
        <Select route={route} name="year" label={t("field.year")} choices={years.map((each) => ({ value: String(each), label: String(each) }))} />
        <Field route={route} name="q" label={t("departments.projects.q")} type="search" />
        <Field route={route} name="max_rate" label={t("departments.projects.max_rate")} type="number" min={0} max={100} />
        {(list.more || params.sort) && (
          <Select route={route} name="sort" label={t("departments.projects.sort")} all={t("departments.projects.sort.name")}
            choices={ORDERS.map((value) => ({ value, label: t(`departments.projects.sort.${value}`) }))} />
        )}
      </Filters>
      <Shown answer={list}>
        {() => (
          <>
            <Table caption={t("departments.unit", { caption: t("departments.projects"), scale })} captionShown
              columns={columns(lines, scale, !list.more, department)} rows={lines} rowKey={({ report }) => report.iri}
              empty={t(department.projects.total ? "state.empty" : "departments.projects.none")} />
            <More list={list} />
          </>
        )}
      </Shown>
    </>
  );
}

/** Whether two places of one disclosure (the same issuer, kind and year) say the same. */
function isCopy(one: ListedReport, other: ListedReport): boolean {
  const amount = (money: Money | null) => money && (money.amount ?? money.printed);
  const said = ({ document: { issuer, kind, fiscal_year: of }, budget_initial, budget_full, executed, executed_percent: rate, score }: ListedReport) =>
    [issuer, kind, of, amount(budget_initial), amount(budget_full), amount(executed), rate, score].join("\n");
  return said(one) === said(other);
}

/** The columns that any line has. `complete`: all projects are in the page, so that it can sort them. */
function columns(lines: Line[], scale: Scale, complete: boolean, department: Department): Column<Line>[] {
  const column = (
    key: string, head: string, cell: Column<Line>["cell"], compare: (left: Line, right: Line) => number, more: Partial<Column<Line>> = {},
  ): Column<Line> => ({ key, head, cell, ...(complete ? { compare } : {}), ...more });
  const amount = (key: "budget_initial" | "budget_full" | "executed", wide = false) => column(key, t(`departments.${key}`),
    ({ report }) => <Amount of={report[key]} scale={scale} bare />,
    (a, b) => compareAmounts(a.report[key]?.amount, b.report[key]?.amount), { number: true, wide });
  const some = (has: (line: Line) => unknown, of: Column<Line>) => (lines.some(has) ? [of] : []);
  return [
    column("name", t("field.project"), ({ project }) => <a href={viewHref(project.url, project.iri)}>{project.name}</a>,
      (a, b) => a.project.name.localeCompare(b.project.name, "zh"), { wrap: true }),
    ...some(({ project }) => project.implementing_unit && project.implementing_unit.iri !== department.iri,
      column("unit", t("departments.unit.of"), 
        ({ project: { implementing_unit: unit } }) => unit && <a href={viewHref(unit.url, unit.iri)}>{unit.name}</a>,
        (a, b) => (a.project.implementing_unit?.name ?? "").localeCompare(b.project.implementing_unit?.name ?? "", "zh"), { wrap: true, wide: true })),
    column("year", t("field.year"), ({ report }) => report.document.fiscal_year, (a, b) => a.report.document.fiscal_year - b.report.document.fiscal_year),
    column("kind", t("nav.documents"),
      ({ report: { document } }) => <a href={viewHref(document.url, document.iri)} title={document.document}>{document.kind}</a>,
      (a, b) => a.report.document.kind.localeCompare(b.report.document.kind, "zh"), { wide: true }),
    ...some(({ report }) => report.budget_initial, amount("budget_initial")),
    ...some(({ report }) => report.budget_full, amount("budget_full", true)),
    ...some(({ report }) => report.executed, amount("executed")),
    ...some(({ report }) => report.printed_rate ?? report.executed_percent,
      column("rate", t("departments.rate"), ({ report }) => rate(report),
        (a, b) => byNumber(a.report.executed_percent, b.report.executed_percent), { number: true })),
    ...some(({ report }) => report.score,
      column("score", t("field.score"), ({ report }) => report.score ?? t("money.none"),
        (a, b) => byNumber(a.report.score, b.report.score), { number: true })),
    { key: "source", head: <span class="hidden">{t("source.title")}</span>, cell: ({ project, report, copies }) => [report, ...copies].map((each) => (
      <SourceButton key={each.iri} iri={each.iri} of={`${project.name} ${each.document.document}`} />
    )) },
  ];
}

/** The rate that the amounts give, what is printed behind it; where they give none, what is printed. */
function rate({ printed_rate: printed, executed_percent: reckoned }: ListedReport) {
  if (!reckoned) return printed ?? t("money.none");
  return <span title={printed ? t("departments.rate.printed", { printed }) : t("departments.rate.reckoned")}>{reckoned}%</span>;
}

/** Unknown ones come last. */
function byNumber(left: string | null, right: string | null): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  return Number(left) - Number(right);
}

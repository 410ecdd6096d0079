/** The list of projects: a row for each document that reports one. */
import { useAnswer, useList } from "../../api";
import { DepartmentField } from "../../components/DepartmentField";
import { Downloads } from "../../components/Downloads";
import { Field, Filters, Select } from "../../components/Filters";
import { SourceButton } from "../../components/Source";
import { Shown } from "../../components/State";
import { More, Table, type Column } from "../../components/Table";
import { href, viewHref, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import { InWan } from "./amounts";
import { Rate } from "./rate";
import { entryKey, type ListedReport, type ProjectSummary } from "./shapes";

const FILTERS = ["department", "document", "year", "q", "min_rate", "max_rate", "min_score", "max_score", "sort"];
const SORTS = ["-budget", "-executed", "rate", "-rate", "score", "-score"];

interface Row {
  project: ProjectSummary;
  report: ListedReport;
  /** Whether it is the first row of its project. */
  first: boolean;
}

/** The rows of projects: of each the reports that the filters admit. */
function rowsOf(projects: ProjectSummary[]): Row[] {
  return projects.flatMap((project) =>
    project.reports.filter((report) => report.admitted).map((report, place) => ({ project, report, first: place === 0 })));
}

function columns(): Column<Row>[] {
  const link = ({ project, report }: Row) => {
    const [path = ""] = viewHref(project.url, project.iri).split("?");
    return `${path}?${new URLSearchParams({ entry: entryKey(report) })}`;
  };
  return [
    {
      key: "project", head: t("field.project"), wrap: true, cell: (row) => (
        <>
          <a href={link(row)} class={row.first ? undefined : "again"}>{row.project.name}</a>
          {row.first && row.project.department && (
            <span class="under"><a href={viewHref(row.project.department.url, row.project.department.iri)}>{row.project.department.name}</a></span>
          )}
        </>
      ),
    },
    {
      key: "document", head: t("projects.reported"), cell: ({ report }) => (
        <a href={href("documents", [report.document.document])} title={report.document.document}>
          {report.document.fiscal_year} {report.document.kind}
        </a>
      ),
    },
    {
      key: "initial", head: t("projects.initial.in", { scale: "万元" }), number: true, wide: true,
      cell: ({ report }) => <InWan of={report.budget_initial} />,
    },
    { key: "full", head: t("projects.full.in", { scale: "万元" }), number: true, cell: ({ report }) => <InWan of={report.budget_full} /> },
    { key: "executed", head: t("projects.executed.in", { scale: "万元" }), number: true, cell: ({ report }) => <InWan of={report.executed} /> },
    { key: "rate", head: t("field.rate"), number: true, cell: ({ report }) => <Rate of={report} /> },
    { key: "score", head: t("field.score"), number: true, cell: ({ report }) => report.score ?? <span class="none">{t("money.none")}</span> },
    {
      key: "source", head: t("source.open"),
      cell: ({ project, report }) => <SourceButton iri={report.iri} of={`${project.name} ${report.document.fiscal_year}`} />,
    },
  ];
}

export function ProjectList({ route }: { route: Route }) {
  useTitle(t("nav.projects"));
  const params = Object.fromEntries(FILTERS.map((name) => [name, route.params.get(name)]));
  const list = useList<ProjectSummary>("/projects", { ...params, limit: 50 });
  const choices = useAnswer<{ years: number[] }>("/passages/filters");
  const years = [...(choices.value?.years ?? [])].reverse().map((year) => ({ value: String(year), label: String(year) }));
  return (
    <>
      <div class="heading">
        <h1>{t("nav.projects")}</h1>
        <Downloads path="/projects" params={params} name={t("nav.projects")} />
      </div>
      <p class="lead">{t("projects.lead")}</p>
      <Filters route={route} clearable={FILTERS}>
        <Field route={route} name="q" label={t("projects.q")} type="search" />
        <DepartmentField route={route} />
        <Select route={route} name="year" label={t("field.year")} choices={years} />
        <Field route={route} name="min_rate" label={t("projects.min_rate")} type="number" min={0} step={0.01} />
        <Field route={route} name="max_rate" label={t("projects.max_rate")} type="number" min={0} step={0.01} />
        <Field route={route} name="min_score" label={t("projects.min_score")} type="number" min={0} step={0.01} />
        <Field route={route} name="max_score" label={t("projects.max_score")} type="number" min={0} step={0.01} />
        <Select route={route} name="sort" label={t("projects.sort")} all={t("projects.sort.name")}
          choices={SORTS.map((value) => ({ value, label: t(`projects.sort.${value}`) }))} />
      </Filters>
      <Shown answer={list}>
        {() => (
          <>
            <Table caption={t("projects.caption")} columns={columns()} rows={rowsOf(list.items)}
              rowKey={(row) => row.report.iri} empty={t("projects.empty")} rowClass={(row) => (row.first ? "first" : undefined)} />
            <More list={list} />
            <p class="note">{t("projects.note")}</p>
          </>
        )}
      </Shown>
    </>
  );
}

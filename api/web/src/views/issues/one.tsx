/** One issue: who states it, what they promise, what came of it, and what is at stake. */
import { useEffect } from "preact/hooks";
import { useAnswer, type Page } from "../../api";
import { Money } from "../../components/Money";
import { Downloads } from "../../components/Downloads";
import { Field, Filters, Select } from "../../components/Filters";
import { Shown } from "../../components/State";
import { Table, type Column } from "../../components/Table";
import { compareAmounts } from "../../money";
import { go, href, thingHref, viewHref, type Route } from "../../router";
import { language, t } from "../../texts";
import { useTitle } from "../../title";
import { Statements } from "./statements";
import { OutcomeTag, Tags } from "./parts";
import { labelOf, OUTCOMES, yearsText, type Issue, type IssueSummary, type Member } from "./shapes";

export function OneIssue({ id, route }: { id: string; route: Route }) {
  const filters = { year: route.params.get("year"), min_confidence: route.params.get("min_confidence") };
  const answer = useAnswer<Issue>(`/issues/${encodeURIComponent(id)}`, filters);
  const issue = answer.value;
  useTitle(issue ? labelOf(issue) : t("nav.issues"));
  useEffect(() => {
    // The server follows an id that another issue took over: so does the address, which says where it came from.
    if (issue && issue.id !== id) go(href("issues", [issue.id], { ...Object.fromEntries(route.params), was: id }), true);
  }, [issue, id]);
  // An issue's id is sixteen hexadecimal digits, a type's a word.
  const types = !/^[0-9a-f]{16}$/.test(id);
  return (
    <>
      <p class="note"><a href={href("issues", [], { level: types ? "type" : null })}>{t(types ? "issues.back.types" : "issues.back")}</a></p>
      {answer.problem && <h1>{t(answer.problem.status === 410 ? "issues.gone" : "nav.issues")}</h1>}
      {answer.problem?.status === 410 && <p>{t("issues.gone.why")}</p>}
      <Shown answer={answer}>{(found) => <Told issue={found} route={route} />}</Shown>
    </>
  );
}

function Told({ issue, route }: { issue: Issue; route: Route }) {
  const was = route.params.get("was");
  return (
    <>
      <div class="heading">
        <h1>{labelOf(issue)}</h1>
        <Downloads path={issue.url} params={{ year: route.params.get("year"), min_confidence: route.params.get("min_confidence") }}
          name={t("issues.file.one", { label: labelOf(issue) })} />
      </div>
      <p class="facts"><Tags of={issue} />{issue.type && !issue.names && <span>{t("issues.type.share", { share: Math.round(issue.type.share * 100) })}</span>}</p>
      {was && was !== issue.id && <p class="note">{t("issues.was", { id: was })}</p>}
      {issue.names ? <p>{issue.definition}</p>
        : issue.definition !== issue.label && <blockquote class="issue-quoted">{issue.definition}</blockquote>}
      <p class="note">{t(issue.names ? "issues.note.assigned" : "issues.note.found")}</p>
      <Figures issue={issue} />
      <Chosen issue={issue} route={route} />
      <Statements issue={issue} department={route.params.get("department")} />
      <Projects issue={issue} />
      <Near issue={issue} />
      {!issue.names && <History issue={issue} />}
    </>
  );
}

/** What is at stake, in few numbers. */
function Figures({ issue }: { issue: Issue }) {
  const of = (some: number) => some < issue.projects ? t("issues.of.projects", { of: some, all: issue.projects }) : "";
  return (
    <ul class="figures">
      <li><b>{issue.departments.length}</b><span>{t("issues.figure.departments")}</span></li>
      <li><b>{yearsText(issue.years)}</b><span>{t("field.year")}</span></li>
      <li><b>{issue.passages}</b><span>{t("issues.figure.passages")}</span></li>
      <li><b>{issue.projects}</b><span>{t("issues.figure.projects")}</span></li>
      <li><b><Money of={issue.budget} /></b><span>{t("issues.figure.budget")}{of(issue.projects_with_budget)}</span></li>
      <li><b><Money of={issue.unspent} /></b><span>{t("issues.figure.unspent")}{of(issue.projects_with_unspent)}</span></li>
      {issue.points_lost !== null && <li><b>{issue.points_lost}</b><span>{t("issues.figure.points")}</span></li>}
      {issue.side === "cause" && <li><b>{issue.measures}</b><span>{t("issues.figure.measures")}</span></li>}
      {OUTCOMES.some((outcome) => issue.outcomes[outcome]) && (
        <li><b class="issue-became">{OUTCOMES.filter((outcome) => issue.outcomes[outcome]).map((outcome) => (
          <span key={outcome}><OutcomeTag outcome={outcome} /> {issue.outcomes[outcome]}</span>))}</b><span>{t("issues.figure.outcomes")}</span></li>
      )}
    </ul>
  );
}

function Chosen({ issue, route }: { issue: Issue; route: Route }) {
  const departments = issue.stated_by.map(({ department, passages }) => ({
    value: department.name, label: t("issues.counted", { name: department.name, n: passages }),
  }));
  return (
    <Filters route={route} clearable={["department", "year", "min_confidence"]}>
      <Select route={route} name="department" label={t("field.department")} choices={departments} />
      <Select route={route} name="year" label={t("field.year")} choices={issue.years.map((year) => ({ value: String(year), label: String(year) }))} />
      <Field route={route} name="min_confidence" label={t("issues.min.confidence")} type="number" min={0} max={1} step={0.05} />
    </Filters>
  );
}

/** The projects that the amounts are of, each once in a year, with the way to where they are printed. */
function Projects({ issue }: { issue: Issue }) {
  const found = new Map<string, Member>();
  for (const member of issue.members) {
    // A document may call one project by two names: its address tells that it is one.
    const key = [member.organization?.iri, member.document.fiscal_year, member.project_url ?? member.project].join(" ");
    // A department's report on itself as a whole stands there as a project, and is none: it has neither address nor amounts.
    const known = member.project_url !== null || member.budget !== null || member.unspent !== null;
    if (member.project && known && !found.has(key)) found.set(key, member);
  }
  if (!found.size) return null;
  const columns: Column<Member>[] = [
    {
      key: "project", head: t("field.project"), wrap: true,
      cell: (row) => row.project_url ? <a href={viewHref(row.project_url)}>{row.project}</a> : row.project,
    },
    {
      key: "organization", head: t("field.department"), wrap: true,
      cell: ({ organization: of }) => of && <a href={viewHref(of.url, of.iri)}>{of.name}</a>,
    },
    { key: "year", head: t("field.year"), cell: (row) => row.document.fiscal_year, compare: (a, b) => a.document.fiscal_year - b.document.fiscal_year },
    {
      key: "budget", head: t("issues.column.budget"), number: true,
      cell: (row) => <Money of={row.budget} />, compare: (a, b) => compareAmounts(a.budget, b.budget),
    },
    {
      key: "unspent", head: t("issues.column.unspent"), number: true,
      cell: (row) => <Money of={row.unspent} />, compare: (a, b) => compareAmounts(a.unspent, b.unspent),
    },
  ];
  return (
    <section>
      <h2>{t("issues.projects")}</h2>
      <p class="note">{t(found.size === issue.projects ? "issues.projects.note" : "issues.projects.some", { n: found.size, all: issue.projects })}</p>
      <Table caption={t("issues.projects")} columns={columns} rows={[...found.values()]} rowKey={(row) => row.iri} />
    </section>
  );
}

/** Issues of the same type, and the way to passages that say alike. */
function Near({ issue }: { issue: Issue }) {
  const type = issue.type;
  const asked = issue.names ? { type: issue.id, limit: 9 } : { type: type?.code, side: issue.side, limit: 9 };
  const same = useAnswer<Page<IssueSummary>>(type ? "/issues" : null, asked);
  const others = same.value?.items.filter((each) => each.id !== issue.id).slice(0, 8) ?? [];
  return (
    <section>
      <h2>{t("issues.near")}</h2>
      {type && others.length > 0 && (
        <>
          <p class="note">{t("issues.near.type", { type: issue.names ? labelOf(issue) : type.name[language()] })}</p>
          <ul class="issue-near">{others.map((each) => (
            <li key={each.id}><a href={viewHref(each.url, each.iri)}>{each.label}</a>{" "}
              <span class="note">{t("issues.near.facts", { departments: each.departments.length, passages: each.passages })}</span></li>
          ))}</ul>
        </>
      )}
      <p class="links">
        {issue.names ? <a href={href("issues", [], { type: issue.id })}>{t("issues.near.all")}</a>
          : type && <a href={type.relation === "closeMatch" ? href("issues", [type.code]) : href("issues", [], { level: "type", type: type.code })}>
            {t("issues.near.statements")}</a>}
        <a href={href("search", [], { q: issue.definition })}>{t("issues.near.search")}</a>
      </p>
    </section>
  );
}

/** Where it comes from: ids of earlier builds, and by what it was found. */
function History({ issue }: { issue: Issue }) {
  return (
    <details>
      <summary>{t("issues.history")}</summary>
      <p class="facts"><span>{t("issues.history.id")} <code>{issue.id}</code></span>
        <span title={t("issues.specificity.means")}>{t("issues.specificity")} {(issue.specificity ?? 0).toFixed(2)}</span>
        {issue.model && <span>{t("issues.history.model")} <code>{issue.model}</code></span>}
        {issue.parameters && <span>{t("issues.history.parameters")} <code>{issue.parameters}</code></span>}</p>
      {issue.replaces.length > 0 && (
        <p class="facts"><span>{t("issues.history.replaces")}</span>{issue.replaces.map((id) => <code key={id}>{id}</code>)}</p>
      )}
      {issue.split_from && (
        <p class="facts"><span>{t("issues.history.split")}</span> <a href={href("issues", [issue.split_from])}>{issue.split_from}</a></p>
      )}
      {!issue.replaces.length && !issue.split_from && <p class="note">{t("issues.history.none")}</p>}
      <p class="links"><a href={thingHref(issue.iri)}>{t("source.full")}</a></p>
    </details>
  );
}

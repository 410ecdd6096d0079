/** One department: who it is in the head, and a tab for each side of it. */
import { useAnswer } from "../../api";
import { Shown } from "../../components/State";
import { href, viewHref, withParams, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import { Checks, SharedIssues } from "./concerns";
import { Organisation } from "./organisation";
import { Overview } from "./overview";
import { ProjectsOf } from "./projects";
import { apiPath, type Department } from "./shapes";
import { Spending } from "./spending";
import { ThreePublics } from "./three_publics";

const TABS = ["overview", "spending", "three-publics", "projects", "concerns", "organisation"] as const;
type Tab = (typeof TABS)[number];

function tabOf(route: Route): Tab {
  const asked = route.params.get("tab");
  return TABS.find((tab) => tab === asked) ?? "overview";
}

export function OneDepartment({ route }: { route: Route }) {
  const name = route.path.at(-1) ?? "";
  const answer = useAnswer<Department>(apiPath(route));
  useTitle(answer.value?.name ?? name);
  return (
    <>
      <p class="crumbs"><a href={href("departments")}>{t("departments.all")}</a></p>
      {!answer.value && <h1>{name}</h1>}
      <Shown answer={answer}>{(department) => <About department={department} route={route} />}</Shown>
      {answer.problem?.status === 404 && <p><a href={href("departments", [], { q: name })}>{t("departments.look", { name })}</a></p>}
    </>
  );
}

function About({ department, route }: { department: Department; route: Route }) {
  const tab = tabOf(route);
  return (
    <>
      <Head department={department} />
      <nav class="tabs" aria-label={t("departments.tabs")}>
        {TABS.map((each) => (
          <a key={each} href={withParams(route, { tab: each === "overview" ? null : each })} aria-current={each === tab ? "page" : undefined}>
            {t(`departments.tab.${each}`)}
            <Count of={countOf(each, department)} title={each === "concerns" ? t("departments.tab.concerns.count") : undefined} />
          </a>
        ))}
      </nav>
      {tab === "overview" && <Overview department={department} route={route} />}
      {tab === "spending" && <Spending department={department} route={route} />}
      {tab === "three-publics" && <ThreePublics department={department} route={route} />}
      {tab === "projects" && <ProjectsOf department={department} route={route} />}
      {tab === "concerns" && <><Checks department={department} /><SharedIssues department={department} route={route} /></>}
      {tab === "organisation" && <Organisation department={department} />}
    </>
  );
}

/** How much a tab holds, where its name should say so. */
function countOf(tab: Tab, department: Department): number | null {
  if (tab === "projects") return department.projects.total;
  if (tab === "concerns") return (department.checks.verdicts.contradicts ?? 0) + (department.checks.verdicts.questionable ?? 0);
  return null;
}

function Count({ of, title }: { of: number | null; title: string | undefined }) {
  return of ? <small class="count" title={title}> {of}</small> : null;
}

function yearsOf({ documents }: Department): string {
  return [...new Set(documents.map((document) => document.fiscal_year))].sort((a, b) => a - b).join(t("departments.comma"));
}

function Head({ department }: { department: Department }) {
  const { whole, region, head_office: office } = department;
  return (
    <>
      <h1>{department.name}</h1>
      <p class="facts">
        <span class="tag">{t(`unit.${department.kind}`)}</span>
        {department.level && <span>{t(`level.${department.level}`)}</span>}
        {region && <a href={href("departments", [], { region: region.name })}>{region.name}</a>}
        {whole && <span>{t("departments.whole")}<a href={viewHref(whole.url, whole.iri)}>{whole.name}</a></span>}
        {office && office.iri !== department.iri && <span>{t("departments.office")}<a href={viewHref(office.url, office.iri)}>{office.name}</a></span>}
        {department.documents.length > 0 && <span>{t("departments.published", { n: department.documents.length, years: yearsOf(department) })}</span>}
        {department.other_names.length > 0 && <span>{t("departments.names", { names: department.other_names.join(t("departments.comma")) })}</span>}
      </p>
      {!department.documents.length && <p class="note">{t("departments.silent")}</p>}
    </>
  );
}

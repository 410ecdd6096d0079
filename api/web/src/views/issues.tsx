/** 问题: what several departments state in common, as a list, as a matrix, and one by one. */
import { useAnswer, useList, type Answer } from "../api";
import { Downloads } from "../components/Downloads";
import { Field, Filters, Select, type Choice } from "../components/Filters";
import { Empty, Shown } from "../components/State";
import { href, type Route } from "../router";
import { language, t } from "../texts";
import { useTitle } from "../title";
import "../styles/issues.css";
import { IssueList } from "./issues/list";
import { IssueMatrix } from "./issues/matrix";
import { OneIssue } from "./issues/one";
import { Shapes } from "./issues/parts";
import { asked, FILTERS, ofTypes, type IssuePage, type IssueSummary } from "./issues/shapes";

const PAGE = 50;

export default function Issues({ route }: { route: Route }) {
  const id = route.path[0];
  return id ? <OneIssue key={id} id={id} route={route} /> : <AllIssues route={route} />;
}

function AllIssues({ route }: { route: Route }) {
  useTitle(t("nav.issues"));
  const params = asked(route);
  const list = useList<IssueSummary, IssuePage>("/issues", { ...params, limit: PAGE });
  const types = ofTypes(route);
  const all = useAnswer<IssuePage>("/issues", { limit: 1, level: types ? "type" : null });
  const filtered = FILTERS.some((name) => route.params.get(name));
  return (
    <>
      <div class="heading">
        <h1>{t("nav.issues")}</h1>
        <Downloads path="/issues" params={params} name={t(types ? "issues.shape.types" : "issues.file")} />
      </div>
      <p class="lead">{t(types ? "issues.lead.types" : "issues.lead")}</p>
      <Shapes route={route} />
      <Choices route={route} all={all} shown={list.value} />
      <Shown answer={list}>
        {() => list.items.length ? (route.params.get("show") === "matrix" ? <IssueMatrix route={route} list={list} /> : <IssueList route={route} list={list} />)
          : <Empty>{filtered ? t("state.empty") : <>{t(types ? "issues.none.types" : "issues.none")} <a href={href("search")}>{t("issues.none.search")}</a></>}</Empty>}
      </Shown>
    </>
  );
}

/** What can be chosen at all, each with how many of the issues now listed it would leave. */
function Choices({ route, all, shown }: { route: Route; all: Answer<IssuePage>; shown: IssuePage | null }) {
  const choices = (facet: keyof IssuePage["facets"], label = (value: string, name: string) => name || value): Choice[] => {
    const counts = new Map(shown?.facets[facet].map((each) => [each.value, each.count]));
    return (all.value?.facets[facet] ?? []).map(({ value, name: only, names }) => {
      const name = names?.[language()] ?? only;
      const count = counts.get(value);
      return { value, label: count ? t("issues.counted", { name: label(value, name), n: count }) : label(value, name) };
    });
  };
  return (
    <Filters route={route} clearable={FILTERS}>
      <Select route={route} name="department" label={t("field.department")} choices={choices("departments")} />
      <Select route={route} name="year" label={t("field.year")} choices={choices("years")} />
      <Select route={route} name="type" label={t(ofTypes(route) ? "issues.type.group" : "issues.type")} choices={choices("types")} />
      {!ofTypes(route) && <Select route={route} name="side" label={t("issues.side")} choices={choices("sides", (value) => t(`issues.side.${value}`))} />}
      <Field route={route} name="min_departments" label={t("issues.min.departments")} type="number" min={1} step={1} />
      <Field route={route} name="min_confidence" label={t("issues.min.confidence")} type="number" min={0} max={1} step={0.05} />
    </Filters>
  );
}

/** The departments, their units and head offices. */
import { useList, type Page } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Field, Filters, Select } from "../../components/Filters";
import { Shown } from "../../components/State";
import { More, Table, type Column } from "../../components/Table";
import { viewHref, withParams, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import type { DepartmentSummary } from "./shapes";

const LEVELS = ["central", "provincial", "prefecture", "county", "township"];
const KINDS = ["department", "unit", "head_office"];
const FILTERS = ["q", "region", "level", "kind", "published", "year"];
const MANY_REGIONS = 60;

interface RegionCount {
  code: string;
  name: string;
  parent: string | null;
  total: number;
  /** With those of the regions that lie in it. */
  within?: number;
}

interface ValueCount {
  value: string | number;
  total: number;
}

interface Departments extends Page<DepartmentSummary> {
  facets?: { regions: RegionCount[]; levels: ValueCount[]; kinds: ValueCount[]; years?: ValueCount[] };
}

export function DepartmentList({ route }: { route: Route }) {
  useTitle(t("nav.departments"));
  const params = Object.fromEntries(FILTERS.map((name) => [name, route.params.get(name)]));
  const list = useList<DepartmentSummary, Departments>("/departments", { ...params, limit: 100 });
  const facets = list.value?.facets;
  return (
    <>
      <div class="heading"><h1>{t("nav.departments")}</h1><Downloads path="/departments" params={params} name={t("nav.departments")} /></div>
      <p class="lead">{t("departments.lead")}</p>
      <Filters route={route} clearable={FILTERS}>
        <Field route={route} name="q" label={t("departments.q")} type="search" />
        <Field route={route} name="region" label={t("field.region")} placeholder={t("departments.region.example")} />
        <Select route={route} name="level" label={t("field.level")}
          choices={LEVELS.map((value) => ({ value, label: counted(t(`level.${value}`), facets?.levels, value) }))} />
        <Select route={route} name="kind" label={t("departments.kind")}
          choices={KINDS.map((value) => ({ value, label: counted(t(`unit.${value}`), facets?.kinds, value) }))} />
        <Select route={route} name="published" label={t("departments.documents")}
          choices={["true", "false"].map((value) => ({ value, label: t(`departments.published.${value}`) }))} />
        {facets?.years
          ? <Select route={route} name="year" label={t("field.year")}
              choices={facets.years.map(({ value, total }) => ({ value: String(value), label: `${value} (${total})` }))} />
          : <Field route={route} name="year" label={t("field.year")} type="number" min={1990} max={2100} />}
      </Filters>
      {facets && <Regions of={facets.regions} route={route} />}
      <Shown answer={list}>
        {() => <><Table caption={t("nav.departments")} columns={columns(route)} rows={list.items} rowKey={(each) => each.iri} /><More list={list} /></>}
      </Shown>
    </>
  );
}

function counted(label: string, counts: ValueCount[] | undefined, value: string): string {
  const total = counts?.find((count) => count.value === value)?.total;
  return total ? `${label} (${total})` : label;
}

function columns(route: Route): Column<DepartmentSummary>[] {
  return [
    { key: "name", head: t("field.name"), wrap: true, cell: (each) => (
      <>
        <a href={viewHref(each.url, each.iri)}>{each.name}</a>
        {each.kind !== "department" && <> <span class="tag calm">{t(`unit.${each.kind}`)}</span></>}
        {each.whole && <small class="whole">{t("departments.whole")}<a href={viewHref(each.whole.url, each.whole.iri)}>{each.whole.name}</a></small>}
      </>
    ) },
    { key: "region", head: t("field.region"),
      cell: (each) => each.region && <a href={withParams(route, { region: each.region.name })}>{each.region.name}</a> },
    { key: "level", head: t("field.level"), wide: true, cell: (each) => each.level && t(`level.${each.level}`) },
    { key: "years", head: t("field.year"), cell: (each) => each.years.join(t("departments.comma")) },
    { key: "documents", head: t("nav.documents"), number: true, cell: (each) => each.documents || t("money.none") },
  ];
}

/** The regions of the list as a tree, each with its number; a click narrows the list to what lies in it. */
function Regions({ of, route }: { of: RegionCount[]; route: Route }) {
  if (of.length < 2) return null;
  const codes = new Set(of.map((region) => region.code));
  const below = (parent: RegionCount | null) => of.filter((region) => (
    parent ? region.parent === parent.code : !region.parent || !codes.has(region.parent)));
  const branch = (regions: RegionCount[], top: boolean) => (
    <ul class={top ? "regions" : undefined}>
      {regions.map((region) => (
        <li key={region.code}>
          <a href={withParams(route, { region: region.name })}>{region.name}</a><small class="count"> {region.within ?? region.total}</small>
          {below(region).length > 0 && branch(below(region), false)}
        </li>
      ))}
    </ul>
  );
  return (
    <details open={of.length <= MANY_REGIONS}>
      <summary>{t("departments.regions", { n: of.length })}</summary>
      {branch(below(null), true)}
    </details>
  );
}

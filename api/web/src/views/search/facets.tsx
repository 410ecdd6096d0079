/** By what a search can be narrowed, as links with counts, and what it is narrowed by. */
import { useState } from "preact/hooks";
import { withParams, type Route } from "../../router";
import { t } from "../../texts";
import { FILTERS, type Count, type Facets } from "./shapes";

const FEW = 8;

export function FacetColumn({ route, facets }: { route: Route; facets: Facets }) {
  const [open, setOpen] = useState(false);
  return (
    <aside class="facets-column" aria-label={t("search.facets")}>
      <button type="button" class="quiet only-narrow" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("search.facets")}
      </button>
      <div class={open ? "lists open" : "lists"}>
        <p class="note">{t("search.facets.of", { n: facets.hits })}</p>
        <Facet route={route} name="kind" counts={facets.kinds} label={(value) => t(`search.kind.${value}`)} />
        <Facet route={route} name="year" counts={facets.years} />
        <Facet route={route} name="region" counts={facets.regions} />
        <Facet route={route} name="department" counts={facets.departments} />
      </div>
    </aside>
  );
}

function Facet({
  route,
  name,
  counts,
  label = String,
}: {
  route: Route;
  name: string;
  counts: Count[];
  label?: (value: string) => string;
}) {
  const [all, setAll] = useState(false);
  if (!counts.length) return null;
  const chosen = route.params.getAll(name);
  const shown = all ? counts : counts.slice(0, FEW);
  return (
    <>
      <h3>{t(`search.filter.${name}`)}</h3>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value}>
            <a href={withParams(route, { [name]: String(value) })} aria-current={chosen.includes(String(value)) ? "true" : undefined}>
              {label(String(value))}
            </a>
            <small>{count}</small>
          </li>
        ))}
      </ul>
      {counts.length > FEW && (
        <button type="button" class="link" onClick={() => setAll(!all)}>
          {all ? t("search.facets.fewer") : t("search.facets.more", { n: counts.length - FEW })}
        </button>
      )}
    </>
  );
}

/** The filters that are set; a click takes one away. */
export function ChosenFilters({ route }: { route: Route }) {
  const chosen = FILTERS.flatMap((name) => route.params.getAll(name).map((value) => ({ name, value })));
  if (!chosen.length) return null;
  return (
    <p class="chosen-facets">
      <span>{t("search.filters")}</span>
      {chosen.map(({ name, value }) => {
        const shown = name === "kind" ? t(`search.kind.${value}`) : value;
        const title = t(`search.filter.${name}`);
        return (
          <a
            key={`${name} ${value}`}
            class="tag"
            href={withParams(route, { [name]: route.params.getAll(name).filter((each) => each !== value) })}
            aria-label={t("search.filter.drop", { name: title, value: shown })}
            title={t("search.filter.dropped")}
          >
            {title} {shown} <span aria-hidden="true">×</span>
          </a>
        );
      })}
      <a href={withParams(route, Object.fromEntries(FILTERS.map((name) => [name, null])))}>{t("filter.clear")}</a>
    </p>
  );
}

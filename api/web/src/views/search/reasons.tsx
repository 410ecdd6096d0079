/** Statements that mean nearly what was asked, or what one of them says; those that are similar stand before those that only come near. */
import type { ComponentChildren } from "preact";
import { useList, type Listing, type Page } from "../../api";
import { withParams, type Params, type Route } from "../../router";
import { t } from "../../texts";
import { Downloads } from "../../components/Downloads";
import { Empty, Problem, Shown } from "../../components/State";
import { ChosenFilters, FacetColumn } from "./facets";
import { HitCard } from "./hit";
import { FILTERS, filtersOf, type DepartmentHit, type HitPage } from "./shapes";

const AT_ONCE = 20;

interface ReasonsProps {
  route: Route;
  title: string;
  path: "/passages/search" | "/passages/similar";
  params: Params;
  /** The words to mark. */
  query: string;
  /** Above the hits. */
  children?: ComponentChildren;
}

export function Reasons({ route, title, path, params, query, children }: ReasonsProps) {
  const grouped = route.params.get("group") === "department";
  const asked: Params = { ...params, ...filtersOf(route) };
  return (
    <section aria-labelledby="reasons">
      <div class="heading">
        <h2 id="reasons">{title}</h2>
        <Downloads path={path} params={{ ...asked, group: grouped ? "department" : null }} name={t("search.reasons")} />
      </div>
      {children}
      <div class="arrangement">
        <ChosenFilters route={route} />
        <p class="links" role="group" aria-label={t("search.group.by")}>
          <a href={withParams(route, { group: null })} aria-current={grouped ? undefined : "true"}>
            {t("search.group.each")}
          </a>
          <a href={withParams(route, { group: "department" })} aria-current={grouped ? "true" : undefined}>
            {t("search.group.departments")}
          </a>
        </p>
      </div>
      {grouped ? (
        <ByDepartment path={path} params={{ ...asked, group: "department" }} query={query} />
      ) : (
        <OneByOne route={route} path={path} params={asked} query={query} />
      )}
    </section>
  );
}

function OneByOne({ route, path, params, query }: { route: Route; path: string; params: Params; query: string }) {
  const list = useList<HitPage["items"][number], HitPage>(path, { ...params, k: AT_ONCE });
  return (
    <Shown answer={list.items.length ? { ...list, problem: null } : list}>
      {(page) => {
        const { facets, recall, total } = page;
        if (!list.items.length)
          return <Empty>{FILTERS.some((name) => route.params.get(name)) ? t("search.reasons.none") : t("search.reasons.empty")}</Empty>;
        const near = list.items.filter((hit) => hit.similar !== false);
        const far = list.items.filter((hit) => hit.similar === false);
        return (
          <div class={facets ? "with-facets" : undefined}>
            {facets && <FacetColumn route={route} facets={facets} />}
            <div>
              {!near.length && <p class="note unlike">{t("search.reasons.unlike")}</p>}
              {near.map((hit) => (
                <HitCard key={hit.passage.id} hit={hit} query={query} />
              ))}
              {near.length > 0 && far.length > 0 && <h3 class="below">{t("search.reasons.below")}</h3>}
              {far.map((hit) => (
                <HitCard key={hit.passage.id} hit={hit} query={query} />
              ))}
              <MoreHits
                list={list}
                words={t(recall < 1 ? "search.reasons.compared.some" : "search.reasons.compared", {
                  total,
                  shown: list.items.length,
                  recall: Math.floor(recall * 100),
                })}
              />
            </div>
          </div>
        );
      }}
    </Shown>
  );
}

function ByDepartment({ path, params, query }: { path: string; params: Params; query: string }) {
  const list = useList<DepartmentHit>(path, { ...params, k: AT_ONCE });
  return (
    <Shown answer={list.items.length ? { ...list, problem: null } : list}>
      {() =>
        list.items.length ? (
          <>
            {list.items.map(({ department, count, hit }) => (
              <HitCard key={department ?? hit.passage.id} hit={hit} query={query} count={count} />
            ))}
            <MoreHits list={list} words={t("search.reasons.departments", { shown: list.items.length })} />
          </>
        ) : (
          <Empty>{t("search.reasons.none")}</Empty>
        )
      }
    </Shown>
  );
}

/** How many are listed of how many compared: all are ranked, so their number says nothing of how many are near. */
function MoreHits<T, P extends Page<T>>({ list, words }: { list: Listing<T, P>; words: string }) {
  if (list.problem) return <Problem problem={list.problem} again={list.loadMore} />;
  return (
    <p class="more">
      {words}
      {list.more && (
        <button type="button" class="quiet" disabled={list.loadingMore} onClick={list.loadMore}>
          {t(list.loadingMore ? "state.loading" : "list.more")}
        </button>
      )}
    </p>
  );
}

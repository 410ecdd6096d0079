/** 搜索: the home of the page. Without a question: what the workspace holds, and ways in. */
import { useTitle } from "../title";
import { withParams, type Route } from "../router";
import { t } from "../texts";
import { useMade } from "../api";
import { SourceButton, tell, type Told } from "../components/Source";
import { Shown } from "../components/State";
import { SearchBox } from "./search/box";
import { Home } from "./search/home";
import { Names } from "./search/names";
import { Reasons } from "./search/reasons";
import "../styles/search.css";

const CODE = /^\d{3,7}$/;

export default function Search({ route }: { route: Route }) {
  const query = (route.params.get("q") ?? "").trim();
  const like = route.params.get("like");
  useTitle(query || t(like ? "like.title" : "nav.search"));
  return (
    <>
      <h1>{query ? t("search.title.of", { q: query }) : t(like ? "like.title" : "search.title")}</h1>
      {!query && !like && <p class="lead">{t("search.lead")}</p>}
      <SearchBox route={route} />
      {query ? <Results route={route} query={query} /> : like ? <Like route={route} iri={like} /> : <Home />}
    </>
  );
}

function Results({ route, query }: { route: Route; query: string }) {
  return (
    <>
      <Names query={query} />
      {CODE.test(query) ? (
        <p class="note">{t("search.reasons.code")}</p>
      ) : (
        <Reasons route={route} title={t("search.reasons")} path="/passages/search" params={{ q: query }} query={query} />
      )}
    </>
  );
}

/** Statements like a given one, under an address of their own. */
function Like({ route, iri }: { route: Route; iri: string }) {
  const told = useMade<Told>(`like ${iri}`, () => tell(iri));
  const own = route.params.get("same_department") === "true";
  const said = told.value?.places[0]?.quote ?? "";
  return (
    <Reasons
      route={route}
      title={t("like.found")}
      path="/passages/similar"
      params={{ iri, same_department: own ? true : null }}
      query={said}
    >
      <Shown answer={told}>
        {(found) => (
          <div class="card">
            <p class="facts">
              <span>{t("like.of")}</span>
              <SourceButton iri={found.iri} of={said} />
            </p>
            <p class="says">{found.says ?? said}</p>
          </div>
        )}
      </Shown>
      <p class="links">
        <a href={withParams(route, { same_department: own ? null : true })}>{t(own ? "like.others" : "like.own")}</a>
      </p>
    </Reasons>
  );
}

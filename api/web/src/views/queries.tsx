/** 查询: the named queries, and SPARQL of one's own. */
import { useAnswer, Refusal, type Page } from "../api";
import { Problem, Shown } from "../components/State";
import { href, type Route } from "../router";
import { t } from "../texts";
import { useTitle } from "../title";
import { QueryList } from "./queries/list";
import type { Query } from "./queries/model";
import { Named } from "./queries/named";
import { Sparql } from "./queries/sparql";
import "../styles/queries.css";

export default function Queries({ route }: { route: Route }) {
  const [name] = route.path;
  const editing = name === "sparql" || (name === undefined && route.params.has("sparql"));
  return name !== undefined && !editing ? <One name={name} route={route} /> : (
    <>
      <h1>{t("nav.queries")}</h1>
      <p class="lead">{t(editing ? "queries.editor.lead" : "queries.lead")}</p>
      <nav class="tabs" aria-label={t("queries.tabs")}>
        <a href={href("queries")} aria-current={editing ? undefined : "page"}>{t("queries.tab.named")}</a>
        <a href={href("queries", ["sparql"])} aria-current={editing ? "page" : undefined}>{t("queries.tab.sparql")}</a>
      </nav>
      {editing ? <Sparql route={route} /> : <All />}
    </>
  );
}

function All() {
  useTitle(t("nav.queries"));
  const known = useAnswer<Page<Query>>("/queries");
  return <Shown answer={known}>{(page) => <QueryList queries={page.items} />}</Shown>;
}

function One({ name, route }: { name: string; route: Route }) {
  const known = useAnswer<Page<Query>>("/queries");
  return (
    <>
      {!known.value && <h1>{t("nav.queries")}</h1>}
      <Shown answer={known}>
        {(page) => {
          const query = page.items.find((each) => each.name === name);
          return query ? <Named query={query} route={route} /> : <Unknown name={name} all={page.items} />;
        }}
      </Shown>
    </>
  );
}

function Unknown({ name, all }: { name: string; all: Query[] }) {
  useTitle(t("nav.queries"));
  const words = name.split("-").filter(Boolean);
  const alike = all.filter((query) => words.some((word) => query.name.includes(word))).slice(0, 6).map((query) => ({ name: query.name, url: query.url }));
  return (
    <>
      <h1>{t("nav.queries")}</h1>
      <Problem problem={new Refusal(404, "not_found", t("queries.unknown"), name, t("queries.unknown.cure"), { alike })} />
      <p><a href={href("queries")}>{t("queries.back")}</a></p>
    </>
  );
}

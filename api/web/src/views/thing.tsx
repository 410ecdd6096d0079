/** One thing of the graph: what it says, where that is printed, and what mentions it. */
import { useAnswer } from "../api";
import { Downloads } from "../components/Downloads";
import { PlaceCard, type Told } from "../components/Source";
import { Shown } from "../components/State";
import { Table } from "../components/Table";
import { isThing, thingHref, viewHref, type Route } from "../router";
import { language, t } from "../texts";
import { useTitle } from "../title";

// All that is stated of a thing and that mentions it, for files; the page lists the first of it.
const FACTS = "SELECT DISTINCT ?property ?value { <$> ?property ?value } ORDER BY ?property ?value";
const MENTIONS = "SELECT DISTINCT ?thing ?property { ?thing ?property <$> } ORDER BY ?property ?thing";

type Fact = Told["facts"][number];

export default function Thing({ route }: { route: Route }) {
  const iri = route.params.get("iri");
  const told = useAnswer<Told>(iri ? "/source" : null, { iri, language: language() });
  useTitle(told.value?.label ?? t("thing.title"));
  if (!iri) {
    return (
      <>
        <h1>{t("thing.none")}</h1>
        <p>{t("thing.none.cure")}</p>
      </>
    );
  }
  return (
    <>
      <h1>{told.value?.label ?? told.value?.kind ?? t("thing.title")}</h1>
      <Shown answer={told}>{(found) => <Facts found={found} />}</Shown>
    </>
  );
}

function Facts({ found }: { found: Told }) {
  const own = ownView(found.iri);
  const path = new URL(found.iri).pathname.replace(/^\/fiscalgraph/, "");
  return (
    <>
      <p class="facts">
        {found.kind && <span class="tag calm">{found.kind}</span>}
        {own && <a href={own}>{t("thing.view")}</a>}
      </p>
      {found.says && <p class="lead">{found.says}</p>}
      <h2>{t("thing.places", { n: found.places_total })}</h2>
      {!found.places_total && <p class="note">{t("thing.places.none")}</p>}
      {found.places.length < found.places_total && <p class="note">{t("source.places.some", { n: found.places.length })}</p>}
      {found.places.map((place) => <PlaceCard key={place.iri} place={place} />)}
      <div class="heading">
        <h2>{t("thing.facts")}</h2>
        <Downloads path="/sparql" params={{ query: FACTS.replace("$", found.iri) }} name={found.label ?? t("thing.facts")} formats={["xlsx"]} />
      </div>
      <FactTable facts={found.facts} caption={t("thing.facts")} />
      {found.mentions > 0 && (
        <>
          <div class="heading">
            <h2>{t("thing.mentions", { n: found.mentions })}</h2>
            <Downloads path="/sparql" params={{ query: MENTIONS.replace("$", found.iri) }} name={`${found.label ?? ""} ${t("thing.mentions.file")}`} formats={["xlsx"]} />
          </div>
          {found.mentioned_by.length < found.mentions && <p class="note">{t("thing.mentions.some", { n: found.mentioned_by.length })}</p>}
          <FactTable facts={found.mentioned_by} caption={t("thing.mentions", { n: found.mentions })} />
        </>
      )}
      <p class="note">{t("thing.iri")} <code>{found.iri}</code> · {t("thing.data")} <a href={`${path}?format=turtle`}>Turtle</a> <a href={`${path}?format=jsonld`}>JSON-LD</a></p>
    </>
  );
}

function FactTable({ facts, caption }: { facts: Fact[]; caption: string }) {
  return (
    <Table caption={caption} rows={facts} rowKey={(fact) => `${fact.predicate} ${fact.value}`} columns={[
      { key: "predicate", head: t("thing.predicate"), cell: (fact) => <code>{fact.predicate}</code> },
      { key: "value", head: t("thing.value"), wrap: true, cell: (fact) => isThing(fact.value)
        ? <a href={thingHref(fact.value)}>{fact.label ?? shortened(fact.value)}</a> : fact.label ?? fact.value },
    ]} />
  );
}

function shortened(iri: string): string {
  const path = iri.replace(/^.*\/fiscalgraph\/id\//, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The view that shows more of a thing than its facts, when there is one for its kind. */
function ownView(iri: string): string | null {
  const [kind, ...rest] = iri.replace(/^.*\/fiscalgraph\/id\//, "").split("/");
  if (kind === "department" && rest.length === 1) return viewHref(`/departments/${rest[0]}`);
  if (kind === "project" && rest.length === 2) return viewHref(`/projects/${rest.join("/")}`);
  if (kind === "document" && rest.length === 1) return viewHref(`/documents/${rest[0]}`);
  if (kind === "issue" && rest.length === 1) return viewHref(`/issues/${rest[0]}`);
  return null;
}

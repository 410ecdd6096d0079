/** What the editor completes: prefixes and terms, asked of the graph that the queries go to. */
import { ask, request } from "../../api";
import { language } from "../../texts";

export interface Term {
  /** As a query writes it, `fg:executedAmount`. */
  name: string;
  label: string;
  kind: "class" | "property" | "thing";
}

export interface Vocabulary {
  prefixes: Record<string, string>;
  terms: Term[];
}

const TERMS = `PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term (SAMPLE(?type) AS ?kind) (SAMPLE(?words) AS ?label) WHERE {
  GRAPH <https://w3id.org/fiscalgraph/ontology> {
    ?term a ?type .
    OPTIONAL { ?term rdfs:label|skos:prefLabel ?words FILTER(LANG(?words) = "LANGUAGE") }
  }
  FILTER(ISIRI(?term))
} GROUP BY ?term`;

// Terms of other vocabularies that the graph uses without describing them.
const BORROWED: Record<string, readonly string[]> = {
  class: ["skos:Concept", "org:Organization", "prov:Activity", "qb:DataSet", "qb:Observation", "owl:Class"],
  property: ["rdf:type", "rdfs:label", "rdfs:comment", "skos:prefLabel", "skos:altLabel", "skos:notation", "skos:broader", "skos:inScheme",
    "dcterms:identifier", "dcterms:title", "dcterms:isPartOf", "prov:wasDerivedFrom", "oa:hasSource", "qb:dataSet", "org:subOrganizationOf",
    "obeu-measure:amount", "obeu-dimension:organization", "obeu-dimension:fiscalYear"],
};

interface Bindings {
  results: { bindings: { term: { value: string }; kind: { value: string }; label?: { value: string } }[] };
}

function kindOf(type: string): Term["kind"] {
  if (/Property$/.test(type)) return "property";
  return /#Class$/.test(type) ? "class" : "thing";
}

/** An IRI with a prefix, if one fits and a query can write the rest behind it. */
export function shortened(iri: string, prefixes: Record<string, string>): string | null {
  let best: string | null = null;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (!iri.startsWith(namespace)) continue;
    const rest = iri.slice(namespace.length);
    if (/^[\p{L}\d_-]*$/u.test(rest) && (best === null || rest.length < best.length - best.indexOf(":") - 1)) best = `${prefix}:${rest}`;
  }
  return best;
}

let known: Promise<Record<string, string>> | null = null;

/** The prefixes of the interface's JSON-LD context. */
export function prefixes(): Promise<Record<string, string>> {
  known ??= ask<{ "@context": Record<string, unknown> }>("/context.jsonld", {}, { headers: { Accept: "*/*" } }).then((context) => {
    const found: Record<string, string> = {};
    for (const [name, value] of Object.entries(context["@context"])) {
      if (typeof value === "string" && /^https?:.*[#/]$/.test(value)) found[name] = value;
    }
    return found;
  });
  known.catch(() => (known = null));
  return known;
}

/** Prefixes and terms, those of the own vocabulary with their names in the page's language. */
export async function vocabulary(): Promise<Vocabulary> {
  const names = await prefixes();
  const answer = await request("/sparql", {
    method: "POST", body: TERMS.replace("LANGUAGE", language()),
    headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" },
  });
  const { results } = (await answer.json()) as Bindings;
  const terms = new Map<string, Term>();
  for (const [kind, each] of Object.entries(BORROWED)) for (const name of each) terms.set(name, { name, label: "", kind: kind as Term["kind"] });
  for (const { term, kind, label } of results.bindings) {
    const name = shortened(term.value, names);
    if (name) terms.set(name, { name, label: label?.value ?? "", kind: terms.get(name)?.kind ?? kindOf(kind.value) });
  }
  return { prefixes: names, terms: [...terms.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Answers of /sparql: a table of terms, a verdict, or a graph as Turtle. */
import { request, saveAs } from "../../api";

export interface RdfTerm {
  type: "uri" | "literal" | "bnode";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

/** How a similarity block was answered. */
export interface SimilarRun {
  plan: string;
  candidates: number;
  exact: boolean;
  returned: number;
}

export type SparqlAnswer = { truncated: string | null; similar: SimilarRun[] } & (
  | { form: "table"; variables: string[]; rows: (RdfTerm | null)[][] }
  | { form: "verdict"; verdict: boolean }
  | { form: "graph"; turtle: string }
);

interface Solutions {
  head: { vars?: string[] };
  boolean?: boolean;
  results?: { bindings: Record<string, RdfTerm>[] };
}

function posted(query: string, accept: string, signal?: AbortSignal): Promise<Response> {
  return request("/sparql", {
    method: "POST", body: query, signal: signal ?? null,
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
  });
}

/** `"graph first"; candidates=123; exact=?1; returned=10`, one for each block. */
export function similarRuns(header: string | null): SimilarRun[] {
  return [...(header ?? "").matchAll(/"([^"]+)"((?:;\s*[\w-]+=[^;,]+)*)/g)].map(([, plan = "", rest = ""]) => {
    const values = new Map([...rest.matchAll(/([\w-]+)=([^;,\s]+)/g)].map(([, name = "", value = ""]) => [name, value]));
    return {
      plan, candidates: Number(values.get("candidates")), exact: values.get("exact") === "?1", returned: Number(values.get("returned")),
    };
  });
}

/** Ask, whatever form the answer takes. */
export async function answered(query: string, signal: AbortSignal): Promise<SparqlAnswer> {
  const answer = await posted(query, "application/sparql-results+json, text/turtle;q=0.9", signal);
  const about = { truncated: answer.headers.get("Fiscalgraph-Truncated"), similar: similarRuns(answer.headers.get("Fiscalgraph-Similar")) };
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return { ...about, form: "graph", turtle: await answer.text() };
  const { head, boolean: verdict, results } = (await answer.json()) as Solutions;
  if (verdict !== undefined) return { ...about, form: "verdict", verdict };
  const variables = head.vars ?? [];
  return { ...about, form: "table", variables, rows: (results?.bindings ?? []).map((row) => variables.map((name) => row[name] ?? null)) };
}

/** Files on offer for each form of answer: name, ending and media type. */
export const FILES = {
  table: [["Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"], ["CSV", "csv", "text/csv"], ["TSV", "tsv", "text/tab-separated-values"], ["JSON", "json", "application/sparql-results+json"]],
  verdict: [["JSON", "json", "application/sparql-results+json"]],
  graph: [["Turtle", "ttl", "text/turtle"], ["JSON-LD", "jsonld", "application/ld+json"], ["N-Triples", "nt", "application/n-triples"]],
} as const;

/** Save an answer as the server writes it. A CSV gets the mark by which spreadsheets know that it is UTF-8. */
export async function saved(query: string, ending: string, type: string): Promise<void> {
  const bytes = new Uint8Array(await (await posted(query, type)).arrayBuffer());
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  saveAs(new Blob(ending === "csv" && !marked ? ["\ufeff", bytes] : [bytes], { type }), `sparql.${ending}`);
}

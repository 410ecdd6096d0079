/** What named queries answer, and what their columns mean. */
import { href, isThing, thingHref } from "../../router";
import { has, language, t } from "../../texts";

/** Words in both languages, as the interface gives them. */
export interface Words {
  zh: string;
  en: string;
}

export interface Parameter {
  name: string;
  type: "text" | "integer" | "decimal" | "year" | "iri";
  title: Words;
  /** The SPARQL that stands for it when nothing is given; `null`: no restriction. */
  default: string | null;
}

export interface Query {
  name: string;
  url: string;
  title: Words;
  description: Words;
  parameters: Parameter[];
  columns: string[];
  /** What the columns are called, `{unit}` where their amounts can be shown in several. */
  headings: Record<string, Words>;
}

export type Row = (string | null)[];

export const told = (words: Words): string => words[language()];

/** What a query answers. In Chinese the names of columns and values in files stand in brackets behind what they are called here. */
export const described = (query: Query): string => told(query.description).replace(/（[a-z][a-z_-]*）/g, "");

/** A default as a reader would type it. */
export function plainDefault(parameter: Parameter): string {
  return (parameter.default ?? "").replace(/^"(.*)"$/s, "$1").replace(/^<(.*)>$/s, "$1");
}

const GROUPS: Record<string, readonly string[]> = {
  money: ["totals", "spending", "spending-by-code", "code-year-on-year", "budget-to-execution", "department-budget-and-accounts",
    "three-publics", "narrative", "unit-shares", "departments-on-project-code"],
  projects: ["projects", "projects-by-execution-rate", "project-chain", "funds", "indicators", "indicators-by-achievement",
    "missed-indicators", "outcomes"],
  reasons: ["projects-with-similar-reasons", "findings", "department-findings", "issues", "issue-members", "issue-measures", "shared_issues", "shared_causes",
    "cause-types", "typed-causes", "links"],
  checks: ["contradictions", "contradictions-by-document", "contested-figures", "checks", "checks-between-documents", "checks-by-document", "claims"],
  sources: ["documents", "disclosures", "coverage", "leftovers", "units", "laws", "laws-by-departments", "sources"],
};

/** The queries by subject, those of no subject last. */
export function grouped(all: Query[]): { group: string; queries: Query[] }[] {
  const known = new Map(all.map((query) => [query.name, query]));
  const found = Object.entries(GROUPS).map(([group, names]) => ({
    group, queries: names.flatMap((name) => known.get(name) ?? []),
  }));
  const placed = new Set(found.flatMap(({ queries }) => queries));
  return [...found, { group: "other", queries: all.filter((query) => !placed.has(query)) }].filter(({ queries }) => queries.length);
}

// Amounts that are exact 元 wherever they stand. All other figures are shown as the document prints them.
const YUAN = new Set(["amount", "amount_before", "approved", "budget", "change", "department_total", "executed_by_next_budget", "revised",
  "unit_total", "unspent"]);
const PRINTED_AS_IS = new Set(["code", "document", "sha256", "line", "page", "year", "fiscal_year"]);
const FIGURE = /^-?\d+(\.\d+)?%?$/;

export type Kind = "text" | "year" | "number" | "yuan";

/** What a column holds. `executed` is exact only in queries that do not print it beside a unit. */
export function kindOf(column: string, columns: string[], values: (string | null)[]): Kind {
  if (YUAN.has(column) || (column === "executed" && !columns.includes("unit"))) return "yuan";
  if (column === "year" || column === "fiscal_year" || column === "year_before") return "year";
  if (PRINTED_AS_IS.has(column)) return "text";
  const some = values.filter((value) => value !== null && value !== "");
  return some.length && some.every((value) => FIGURE.test(value ?? "")) ? "number" : "text";
}

/** The heading of a column; `unit`: in what its amounts are shown. */
export function columnName(column: string, headings: Query["headings"], unit: string): string {
  const words = headings[column];
  return words ? told(words).replace("{unit}", unit) : column;
}

// Columns whose values are names of ours in English; those of the documents stay as they are printed.
const CODED = new Set(["computed", "kind", "outcome", "relation", "scope", "side", "sources", "subject", "verdict", "what", "why"]);

/** A value as it is shown. */
export function valueText(column: string, value: string): string {
  const key = `queries.value.${value}`;
  return CODED.has(column) && has(key) ? t(key) : value;
}

const DEPARTMENTS = new Set(["department", "department_a", "department_b", "issuer", "organization", "owner"]);
const DOCUMENTS = new Set(["document", "document_a", "document_b", "later_document", "left_document", "right_document"]);

/** Where a value leads, if it names something that has a view. */
export function leadsTo(column: string, value: string, row: (name: string) => string | null): string | null {
  if (isThing(value)) return issueHref(value) ?? thingHref(value);
  if (DOCUMENTS.has(column)) return href("documents", [value]);
  if (DEPARTMENTS.has(column)) return href("departments", [value]);
  if (column === "code" && /^\d{3,7}$/.test(value)) return href("codes", [value]);
  const department = row("organization") ?? row("department") ?? row("issuer");
  if ((column === "project" || column === "project_name") && department) return href("projects", [department, value]);
  return null;
}

/** The view of an issue, if the IRI is one's. */
export function issueHref(iri: string): string | null {
  const id = /\/id\/issue\/([^/]+)$/.exec(iri)?.[1];
  return id ? href("issues", [decodeURIComponent(id)]) : null;
}

/** Three columns that tell together where a row was read. */
export interface PlaceColumns {
  key: "read" | "counterpart" | "later";
  document: string;
  page: string;
  line: string;
  quote: string;
}

export function placesOf(columns: string[]): PlaceColumns[] {
  const found: PlaceColumns[] = [];
  const has = (name: string): boolean => columns.includes(name);
  const between = has("left_document");
  if (has("quote")) found.push({ key: "read", document: between ? "left_document" : has("document_a") ? "document_a" : "document", page: "page", line: "line", quote: "quote" });
  if (has("counterpart_quote")) {
    found.push({ key: "counterpart", document: between ? "right_document" : "document", page: "counterpart_page", line: "counterpart_line", quote: "counterpart_quote" });
  }
  if (has("later_quote")) found.push({ key: "later", document: "later_document", page: "later_page", line: "later_line", quote: "later_quote" });
  return found;
}

/** What the search asks for: `/find`, `/passages/search` and `/passages/similar` (docs/api.md). */
import type { Page } from "../../api";
import type { Params, Route } from "../../router";
import type { DocumentReference } from "../../types";

export interface ExplainedIndicator {
  name: string;
  target: string | null;
  actual: string | null;
  weight: string | null;
  score: string | null;
}

/** A stated cause, measure or reason in one place of a document. */
export interface Passage {
  id: string;
  iri: string;
  kind: string;
  text: string;
  document: string;
  department: string | null;
  department_url: string | null;
  unit: string | null;
  project: string | null;
  project_url: string | null;
  fiscal_year: number | null;
  disclosure: string | null;
  region: string | null;
  code: string | null;
  item: string | null;
  page: number | null;
  line: number | null;
  quote: string;
  /** 元: a project's budget less what was executed, or what a classification item states. */
  amount: string | null;
  score_lost: string | null;
  indicators: ExplainedIndicator[];
}

export interface Hit {
  passage: Passage;
  similar: boolean | null;
  probability: number | null;
  used_by_departments: number;
  used_in_years: number;
  places: Passage[];
  why: { found_by: string; shared: string[] };
}

export interface Count {
  value: string | number;
  count: number;
}

/** By what a search could be narrowed: counts among the first `hits`. */
export interface Facets {
  hits: number;
  years: Count[];
  regions: Count[];
  departments: Count[];
  kinds: Count[];
}

export interface HitPage extends Page<Hit> {
  recall: number;
  threshold: number | null;
  facets?: Facets | null;
}

/** The nearest statement of a department, and how many of its statements are near. */
export interface DepartmentHit {
  department: string | null;
  count: number;
  hit: Hit;
}

export interface Found {
  label: string;
  url: string;
  iri: string;
  /** What tells it from others of its name; may be empty. */
  detail: string;
  /** The name that fits, where it is not `label`. */
  other_name: string | null;
}

/** Names that fit, of one kind, the best first. */
export interface FoundGroup {
  kind: string;
  items: Found[];
  total: number;
}

export interface FoundNames {
  groups: FoundGroup[];
}

/** The filters of a search, by the names that the address and the interface have for them. */
export const FILTERS = [
  "kind",
  "department",
  "whole",
  "region",
  "year",
  "year_from",
  "year_to",
  "project",
  "code",
  "document",
  "min_amount",
  "min_score_lost",
] as const;

/** The filters that an address sets. */
export function filtersOf(route: Route): Params {
  return Object.fromEntries(FILTERS.map((name) => [name, route.params.getAll(name)]));
}

/** Characters of a question that are compared with names. */
export const LONGEST_NAME = 200;
/** Characters that the box takes. */
export const LONGEST_QUERY = 2000;

interface Total<V> {
  value: V;
  total: number;
}

/** What the workspace holds: `departments` and `regions` are of organisations that publish. */
export interface Overview {
  documents: number;
  disclosures: number;
  departments: number;
  observations: number;
  projects: number;
  indicators: number;
  causes: number;
  measures: number;
  reasons: number;
  spending_reasons: number;
  issues: number;
  contradictions: number;
  /** Of these an earlier document of the same disclosure has so many already. */
  contradictions_repeated: number;
  reading: { tables: number; tables_read: number };
  /** The latest first. */
  years: Total<number>[];
  levels: Total<string>[];
  regions: { code: string; name: string; total: number }[];
  newest: DocumentReference[];
}

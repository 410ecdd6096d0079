/** What `/issues` answers (docs/api.md). */
import type { Page } from "../../api";
import { language } from "../../texts";
import type { Params, Route } from "../../router";
import type { DocumentReference, Reference, Source } from "../../types";

export interface Words {
  zh: string;
  en: string;
}

/** What became, in the next year, of indicators that missed their targets. */
export const OUTCOMES = ["met", "repeated", "dropped", "unknown"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface IssueSummary {
  iri: string;
  id: string;
  url: string;
  label: string;
  /** Of a type of causes, which has its code for an id; an issue is called by words of its statements. */
  names: Words | null;
  definition: string;
  side: "cause" | "measure";
  type: { iri: string; code: string; name: Words; relation: string; share: number } | null;
  /** From 0 to 1: how much it says that not every department prints; not told of types of causes. */
  specificity: number | null;
  departments: Reference[];
  stated_by: { department: Reference; passages: number }[];
  regions: string[];
  years: number[];
  passages: number;
  projects: number;
  budget: string | null;
  projects_with_budget: number;
  unspent: string | null;
  projects_with_unspent: number;
  points_lost: string | null;
  measures: number;
  outcomes: Record<Outcome, number>;
}

export interface FacetChoice {
  value: string;
  name: string;
  /** Where it has a name in both languages. */
  names: { zh: string; en: string } | null;
  count: number;
}

export interface IssuePage extends Page<IssueSummary> {
  facets: Record<"departments" | "years" | "types" | "sides", FacetChoice[]>;
}

/** A passage that states the issue. */
export interface Member {
  iri: string;
  text: string;
  kind: string;
  /** From 0 to 1: how well it fits. */
  score: number;
  specificity: number | null;
  department: Reference | null;
  organization: Reference | null;
  document: DocumentReference;
  project: string | null;
  project_url: string | null;
  budget: string | null;
  unspent: string | null;
  /** The IRIs of the indicators that it explains. */
  indicators: string[];
  source: Source | null;
}

/** A measure that its document pairs with a cause. */
export interface Answering {
  iri: string;
  /** The IRI of the member. */
  cause: string;
  text: string;
  score: number;
  ground: Words;
  organization: Reference | null;
  document: DocumentReference;
  source: Source | null;
}

export interface Missed {
  iri: string;
  name: string;
  project: string | null;
  document: DocumentReference;
  target: string | null;
  actual: string | null;
  points_lost: string | null;
  outcome: Outcome | null;
  source: Source | null;
}

export interface Issue extends IssueSummary {
  members: Member[];
  answers: Answering[];
  indicators: Missed[];
  indicators_total: number;
  /** Ids of earlier builds. */
  replaces: string[];
  split_from: string | null;
  model: string | null;
  parameters: string | null;
}

/** What an issue is called, or a type of causes. */
export function labelOf(issue: IssueSummary): string {
  return issue.names?.[language()] ?? issue.label;
}

/** Whether types of causes are listed. */
export function ofTypes(route: Route): boolean {
  return route.params.get("level") === "type";
}

/** The parameters that choose issues. */
export const FILTERS = ["department", "year", "type", "side", "min_departments", "min_confidence"];

/** The filters of an address as the interface takes them. */
export function asked(route: Route): Params {
  return Object.fromEntries([...FILTERS, "level"].map((name) => [name, route.params.get(name)]));
}

/** Years in few characters: `2021–2024` when three or more follow each other, otherwise one by one. */
export function yearsText(years: number[]): string {
  const [first, last] = [years[0], years[years.length - 1]];
  if (first === undefined || last === undefined) return "";
  if (years.length > 2 && last - first === years.length - 1) return `${first}–${last}`;
  return years.join(language() === "zh" ? "、" : ", ");
}

/** What `/projects` answers (docs/api.md). */
import { href, type Route } from "../../router";
import type { DocumentReference, Money, Reference, Source } from "../../types";

/** What one document reports of a project. */
export interface Report {
  iri: string;
  document: DocumentReference;
  budget_initial: Money | null;
  budget_full: Money | null;
  executed: Money | null;
  /** Reckoned from the amounts; of the full-year budget. */
  executed_percent: string | null;
  printed_rate: string | null;
  score: string | null;
  source: Source | null;
}

/** `admitted`: it is one that the filters of the list admit. */
export interface ListedReport extends Report {
  admitted: boolean;
}

export interface ProjectSummary extends Reference {
  department: Reference | null;
  implementing_unit: Reference | null;
  reports: ListedReport[];
}

export interface Fund {
  iri: string;
  name: string;
  budget_initial: Money | null;
  budget_full: Money | null;
  executed: Money | null;
  printed_rate: string | null;
  weight: string | null;
  score: string | null;
  source: Source | null;
}

/** A goal, an outcome or a conclusion, in the document's words. */
export interface Stated {
  iri: string;
  text: string;
  source: Source | null;
}

/** A reason, a cause or a measure: the IRIs of the indicators that it is given for, and the issues that it belongs to. */
export interface Reason extends Stated {
  explains: string[];
  issues: { id: string; label: string; url: string }[];
}

export interface IndicatorValue {
  printed: string;
  kind: string | null;
  comparator: string | null;
  number: string | null;
  upper: string | null;
  unit: string | null;
  date: string | null;
}

/** What became of a missed indicator a year later. */
export interface Outcome {
  outcome: "met" | "repeated" | "dropped" | "unknown";
  why: string;
  later: { iri: string; document: DocumentReference; target: string | null; actual: string | null; source: Source | null } | null;
}

export interface Indicator {
  iri: string;
  name: string;
  level1: string | null;
  level2: string | null;
  level3: string | null;
  target: IndicatorValue | null;
  actual: IndicatorValue | null;
  achievement_ratio: string | null;
  achieved: boolean | null;
  weight: string | null;
  score: string | null;
  reason: string | null;
  outcome: Outcome | null;
  source: Source | null;
}

/** The whole chain of a project in one document. */
export interface Entry extends Report {
  printed_name: string;
  implementing_unit: string | null;
  goals: Stated[];
  funds: Fund[];
  indicators: Indicator[];
  outcomes: Stated[];
  reasons: Reason[];
  causes: Reason[];
  measures: Reason[];
  conclusions: Stated[];
}

export interface Project {
  iri: string;
  name: string;
  other_names: string[];
  department: Reference | null;
  implementing_unit: Reference | null;
  entries: Entry[];
  entries_total: number;
}

/** What tells an entry from the others of its project, short enough for an address: `water_2024_accounts/project/0`. */
export function entryKey(entry: Pick<Report, "iri">): string {
  return entry.iri.split("/id/document/")[1] ?? entry.iri;
}

/** Whether a document reports what was done, and not only what is planned. */
export function isEvaluated(entry: Entry): boolean {
  return Boolean(entry.executed || entry.score || entry.indicators.some((indicator) => indicator.actual));
}

/** By year, within a year plans before what became of them. */
export function inOrder(entries: Entry[]): Entry[] {
  return [...entries].sort((a, b) =>
    a.document.fiscal_year - b.document.fiscal_year || Number(isEvaluated(a)) - Number(isEvaluated(b)));
}

/** The address of a project of which one entry is shown. */
export function entryHref(route: Route, entry: Report): string {
  return href("projects", route.path, { entry: entryKey(entry) });
}


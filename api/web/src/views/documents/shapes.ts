/** What `/documents` tells (docs/api.md). */
import type { Reference, Source } from "../../types";

/** What there is in a document and what was read of it; a count that does not apply is null. */
export interface Coverage {
  pages_read: number | null;
  tables: number | null;
  tables_read: number | null;
  cells: number | null;
  cells_read: number | null;
  paragraphs: number | null;
  paragraphs_read: number | null;
}

export interface DocumentItem {
  iri: string;
  document: string;
  url: string;
  issuer: string;
  /** The organisation that published it, where it is known. */
  department: Reference | null;
  /** Whose figures it prints, where that is another: the head office (本级), a unit. */
  reporting_unit: Reference | null;
  file: { name: string; format: string; url: string };
  kind: string;
  fiscal_year: number;
  amount_unit: string | null;
  pages: number | null;
  sha256: string;
  coverage: Coverage;
  problems: string[];
  contradictions: number;
  /** Other documents of the same issuer, kind and year. */
  same_disclosure: string[];
}

export type Verdict = "contradicts" | "questionable" | "scope_differs" | "rounding" | "cannot_tell";

/** In the order in which they are to be looked at. */
export const VERDICTS: readonly Verdict[] = ["contradicts", "questionable", "scope_differs", "cannot_tell", "rounding"];

export interface Contradiction {
  iri: string;
  kind: string;
  verdict: Verdict;
  check: string;
  left: string;
  right: string;
  detail: string;
  difference: string | null;
  unit: string | null;
  left_unit: string | null;
  right_unit: string | null;
  source: Source | null;
  counterpart: Source | null;
}

/** Something that no record holds, and why. */
export interface Leftover {
  iri: string;
  what: string;
  why: string;
  source: Source | null;
}

export interface DocumentDetail {
  document: DocumentItem;
  contradictions: Contradiction[];
  contradictions_total: number;
  leftovers: Leftover[];
  leftovers_total: number;
}

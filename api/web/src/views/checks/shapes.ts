/** What `/checks` answers (docs/api.md), and its figures as they are shown. */
import type { Page } from "../../api";
import { language } from "../../texts";

/** All verdicts, what an auditor looks at first before the others. */
export const VERDICTS = ["contradicts", "questionable", "scope_differs", "rounding", "cannot_tell", "agrees"] as const;
export type Verdict = (typeof VERDICTS)[number];
/** Those that have to be looked at: what the interface lists when no verdict is asked for. */
export const DIFFERING: readonly Verdict[] = VERDICTS.slice(0, 4);

export interface CheckPlace {
  /** The source's IRI. */
  iri: string | null;
  document: string;
  page: number | null;
  line: number | null;
  quote: string;
  recognised: boolean;
}

export interface Operand {
  printed: string;
  unit: string | null;
  name: string;
  iri: string;
  place: CheckPlace | null;
}

export interface Side {
  printed: string;
  /** Of the figure, where it does not name one itself. */
  unit: string | null;
  computed: boolean;
  place: CheckPlace | null;
  operands: Operand[];
}

/** One comparison; `difference` is left less right, exact, in `unit`. */
export interface CheckLine {
  iri: string;
  documents: string[];
  verdict: Verdict;
  check: string;
  kind: string | null;
  detail: string;
  left: Side;
  right: Side;
  difference: string | null;
  unit: string | null;
  /** Other documents of the same disclosure in which the same was found. */
  repeated_in: string[];
}

export interface Rule {
  check: string;
  title: { zh: string; en: string };
  rule: { zh: string; en: string };
  kind: string | null;
  scope: string;
  tolerance: string;
  dimension: string;
  iri: string;
}

export interface CountedRule extends Rule {
  verdicts: Record<Verdict, number>;
  /** How many of them an earlier document of the same disclosure has already. */
  repeated: Record<Verdict, number>;
}

export interface CheckedDocument {
  document: string;
  issuer: string;
  kind: string;
  fiscal_year: number;
  verdicts: Record<Verdict, number>;
  figures: { printed: number; confirmed: number; contested: number; unchecked: number };
}

export interface CheckPage extends Page<CheckLine> {
  documents: CheckedDocument[];
  checks: CountedRule[];
}

/** The words of a rule in the page's language. */
export function inLanguage(words: { zh: string; en: string }): string {
  return words[language()];
}

/** A document as people name it: issuer, year and kind. */
export function documentTitle(of: CheckedDocument): string {
  return `${of.issuer} ${of.fiscal_year} ${of.kind}`;
}

/** How many results of some verdicts a check has, each counted once in the documents of one disclosure. */
export function countedOnce(rule: CountedRule, of: readonly Verdict[]): number {
  return counted(rule.verdicts, of) - counted(rule.repeated, of);
}

/** How many results there are of some verdicts. */
export function counted(verdicts: Record<Verdict, number>, of: readonly Verdict[]): number {
  return of.reduce((sum, verdict) => sum + verdicts[verdict], 0);
}

const NUMBER = /^(-?)(\d+)(\.\d+)?$/;

/** A number with its digits grouped, otherwise as it is printed: `-1234.50` → `−1,234.50`, `≥96公里` stays. */
export function readable(printed: string): string {
  const match = NUMBER.exec(printed);
  if (!match) return printed;
  return `${match[1] ? "−" : ""}${(match[2] ?? "").replace(/\B(?=(\d{3})+$)/g, ",")}${match[3] ?? ""}`;
}

/** Whether a text is a number and nothing else. */
export function isNumber(printed: string): boolean {
  return NUMBER.test(printed);
}

/** A quote cut where the printed words or the figure stand in it: every second piece is what is printed. */
export function cutAtPrinted(quote: string, side: Side): string[] {
  if (side.computed || !side.printed) return [quote];
  if (!isNumber(side.printed) && quote.includes(side.printed)) {
    return quote.split(side.printed).flatMap((piece, index) => (index ? [side.printed, piece] : [piece]));
  }
  const figure = /\d+(?:\.\d+)?/.exec(side.printed.replace(/,/g, ""));
  if (!figure) return [quote];
  const [whole = "", part] = figure[0].split(".");
  // Documents group digits or not; a longer number that holds the figure is another.
  const digits = `${[...whole].join("[,，]?")}${part === undefined ? "" : `\\.${part}`}`;
  return quote.split(new RegExp(`(?<![\\d.,])(${digits})(?![\\d.]*\\d)`));
}

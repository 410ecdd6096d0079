/** What `/classification` and `/sum` answer about codes (docs/api.md, docs/sums.md). */
import { ask, useMade, type Answer, type Page } from "../../api";
import { inScale, type Scale } from "../../money";
import { language, t } from "../../texts";
import { thingHref, viewHref, type Params } from "../../router";
import type { SumFigure } from "../../components/SumAmount";

export const LISTS = ["functional", "department-economic", "government-economic"] as const;
export type ListName = (typeof LISTS)[number];

export interface CodeRef {
  iri: string;
  list: ListName;
  code: string;
  name: string | null;
  url: string;
  /** Those whose documents are known to print it. */
  years: number[];
}

export interface Remark {
  code: string;
  zh: string;
  en: string;
}

export interface Code extends CodeRef {
  names: { name: string; years: number[] }[];
  other_names: string[];
  attested_by: number | null;
  confidence: string | null;
  broader: CodeRef | null;
  narrower: CodeRef[];
}

/** What the tables of figures need to know of a code. */
export interface CodeInSums {
  list: ListName;
  code: string;
  name: string;
  narrower: CodeRef[];
}

interface Key {
  dimension: string;
  value: string;
  zh: string;
  en: string;
}

export interface SumRow {
  key: Key[];
  amount: string;
  addends: number;
  contested: number;
  inferred: number;
  organizations: number;
}

export interface Addend {
  key: string[];
  observation: string;
  document: string;
  table: string;
  organization: string;
  code: string;
  amount: string;
  contested: boolean;
  inferred: boolean;
}

export interface SumTable {
  rows: SumRow[];
  total: SumRow | null;
  notes: Remark[];
  missing: { organization: string; label: string; year: number; reason: Remark }[];
  addends: Addend[];
}

/** The figure of an addend. Its place is asked for when its source is opened. */
export function asFigure(addend: Addend): SumFigure {
  return { iri: addend.observation, amount: addend.amount, document: addend.document, table: addend.table, source: null };
}

/** The value of a row in a dimension. */
export function keyOf(row: SumRow, dimension: string): string {
  return row.key.find((part) => part.dimension === dimension)?.value ?? "";
}

/** The label of a row in a dimension, in the page's language. */
export function labelOf(row: SumRow, dimension: string): string {
  return row.key.find((part) => part.dimension === dimension)?.[language()] ?? "";
}

/** The code that an address names, `208` or `functional/208`; `null` where it can be none. The first digit tells the list. */
export function codeOf(path: string[]): Pick<CodeRef, "list" | "code"> | null {
  const code = path.at(-1) ?? "";
  const list = ({ 2: "functional", 3: "department-economic", 5: "government-economic" } as const)[code.charAt(0)];
  if (!list || (path.length > 1 && path[0] !== list)) return null;
  return /^\d{3}(\d\d){0,2}$/.test(code) && (list === "functional" || code.length < 7) ? { list, code } : null;
}

/** The dimension of sums that a code is a value of, and that of its parts (null: it has none). */
export function dimensions(code: Pick<CodeRef, "list" | "code">): { own: string; parts: string | null } {
  const levels = code.list === "functional" ? ["class", "subclass", "item"]
    : ["class", "item"].map((level) => `${code.list.replace("-", "_")}_${level}`);
  const level = (code.code.length - 3) / 2;
  return { own: levels[level] ?? "", parts: levels[level + 1] ?? null };
}

/** Phases of a budget as sums name them, in the order of time. */
export const PHASES = ["PriorYearExecution", "approved", "revised", "executed"] as const;

/** Types of expenditure (支出类型) that a code may be looked at by. */
export const TYPES = ["BasicExpenditure", "ProjectExpenditure"] as const;

/**
 * The type that a view begins with, empty for all. Most documents print economic codes within the basic expenditure
 * (基本支出) only: all types at once would leave those documents out.
 */
export function usualType(list: ListName): string {
  return list === "functional" ? "" : TYPES[0];
}

/** The conditions of the sums of a code. */
export function whereOf(code: Pick<CodeRef, "list" | "code">, type: string): string[] {
  const own = `${dimensions(code).own}=${code.code}`;
  return type && type !== "all" ? [own, `expenditure_type=${type}`] : [own];
}

/** Fund scopes, the widest first: each contains those behind it. */
export const SCOPES = ["AllFunds", "FiscalAppropriation", "GeneralPublicBudget", "GovernmentFunds", "StateCapital", "SpecialAccount"];

/** The address of an organisation of which sums tell the IRI only. */
export function organizationHref(iri: string): string {
  const name = iri.split("/id/department/")[1];
  return name ? viewHref(`/departments/${name}`, iri) : thingHref(iri);
}

/** What a drawing says of a value; nothing is there where a figure is missing. */
export function amountText(value: unknown, scale: Scale): string {
  return value === null || value === undefined ? t("money.none") : `${inScale(String(value), scale)} ${scale}`;
}

/** A round amount beside an axis, without zeros that say nothing. */
export function axisText(value: number, scale: Scale): string {
  return inScale(String(Math.round(value)), scale).replace(/\.?0+$/, "");
}

/** A whole list, all its pages: for trees, which need every part. */
export function useWhole<T>(path: string | null, params: Params): Answer<T[]> {
  return useMade<T[]>(path && `${language()} ${path} ${JSON.stringify(params)}`, async (signal) => {
    const found: T[] = [];
    let page = await ask<Page<T>>(path ?? "", { ...params, limit: 500 }, { signal });
    found.push(...page.items);
    while (page.next) {
      page = await ask<Page<T>>(page.next, {}, { signal });
      found.push(...page.items);
    }
    return found;
  });
}

/** What `/departments` answers (docs/api.md, api/resources/departments.py), and the choices made from it. */
import type { Page } from "../../api";
import type { Sum } from "../../components/SumAmount";
import type { Route } from "../../router";
import { language } from "../../texts";
import type { DocumentReference, Reference } from "../../types";
import type { ProjectSummary } from "../projects/shapes";

/** Words in both languages. */
export interface Words {
  zh: string;
  en: string;
}

export type Kind = "department" | "unit" | "head_office" | "division";

export interface DepartmentSummary extends Reference {
  kind: Kind;
  level: string | null;
  region: Reference | null;
  documents: number;
  years: number[];
  /** The department that a unit or head office belongs to. */
  whole: Reference | null;
}

export interface Unit extends Reference {
  kind: Kind;
  units: Unit[];
}

export interface Change {
  iri: string;
  originals: Reference[];
  result: Reference;
  year: number;
  status: string | null;
}

export const PHASES = ["approved", "revised", "executed", "prior_year_execution"] as const;
export type Phase = (typeof PHASES)[number];

/** How an amount stands to that of the same scope one year before, reckoned by the server. */
export interface YearOnYear {
  from_year: number;
  percent: string;
}

/** One year's and fund scope's amounts from budget to execution. */
export interface Phased extends Record<Phase, Sum | null> {
  fiscal_year: number;
  scope: string;
  scope_name: Words;
  item: string | null;
  item_name: Words | null;
  rate: string | null;
  rate_of: "approved" | "revised" | null;
  /** Of what was executed, and of what was approved, against the year before. */
  change: YearOnYear | null;
  approved_change: YearOnYear | null;
}

export interface Remark extends Words {
  code: string;
}

export interface FigureTable {
  items: Phased[];
  remarks: Remark[];
}

export interface Department extends Reference {
  kind: Kind;
  other_names: string[];
  level: string | null;
  region: Reference | null;
  whole: Reference | null;
  head_office: Reference | null;
  units: Unit[];
  units_truncated: boolean;
  changes: Change[];
  documents: DocumentReference[];
  expenditure: FigureTable;
  revenue: FigureTable;
  three_publics: FigureTable;
  projects: Page<ProjectSummary>;
  checks: { verdicts: Record<string, number>; url: string | null };
  /** The issues that it states, and those of them that others state too. */
  issues: { total: number; shared: number; url: string | null };
}

export function inWords(words: Words): string {
  return words[language()];
}

// From the widest to the narrowest: each of them contains those behind it, or stands beside them.
const SCOPES = ["AllFunds", "FiscalAppropriation", "GeneralPublicBudget", "GovernmentFunds", "StateCapital", "SpecialAccount"];

function width(scope: string): number {
  const place = SCOPES.indexOf(scope);
  return place < 0 ? SCOPES.length : place;
}

/** The newest year first, in it the widest scope first. */
export function inOrder(rows: Phased[]): Phased[] {
  return [...rows].sort((a, b) => b.fiscal_year - a.fiscal_year || width(a.scope) - width(b.scope));
}

export interface Chosen {
  /** All years and scopes with figures, for the lists to choose from. */
  years: number[];
  scopes: { value: string; name: Words }[];
  year: number;
  scope: string;
  scopeName: string;
  /** The row of that year and scope, if there is one. */
  row: Phased | undefined;
}

/** Year and scope of the address; else the newest year that has accounts, and its widest scope. `null`: no figures at all. */
export function choice(table: FigureTable, route: Route): Chosen | null {
  const rows = inOrder(table.items);
  const first = rows.find((row) => row.executed) ?? rows[0];
  if (!first) return null;
  const years = [...new Set(rows.map((row) => row.fiscal_year))];
  const scopes = [...new Map([...rows].sort((a, b) => width(a.scope) - width(b.scope)).map((row) => [row.scope, row.scope_name]))]
    .map(([value, name]) => ({ value, name }));
  const asked = Number(route.params.get("year"));
  const year = years.includes(asked) ? asked : first.fiscal_year;
  const wanted = route.params.get("scope");
  const scope = scopes.find((each) => each.value === wanted)?.value
    ?? rows.find((row) => row.fiscal_year === year)?.scope ?? first.scope;
  const scopeName = scopes.filter((each) => each.value === scope).map((each) => inWords(each.name)).join("");
  return { years, scopes, year, scope, scopeName, row: rows.find((row) => row.fiscal_year === year && row.scope === scope) };
}

/** The address of a department for asking the server, from the address of the view. */
export function apiPath(route: Route): string {
  return `/departments/${route.path.map(encodeURIComponent).join("/")}`;
}

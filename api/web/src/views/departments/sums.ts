/** Asking for safe sums by several dimensions (docs/sums.md). */
import { ask, Refusal } from "../../api";
import type { Sum } from "../../components/SumAmount";
import type { Params } from "../../router";
import { language } from "../../texts";
import { PHASES, type Phase, type Remark, type Words } from "./shapes";

export interface KeyPart extends Words {
  dimension: string;
  value: string;
}

interface Row {
  key: KeyPart[];
  amount: string;
  addends: number;
  contested: number;
  inferred: number;
}

interface SumAnswer {
  rows: Row[];
  total: Row | null;
  notes: Remark[];
  addends: { key: string[]; observation: string; document: string; table: string; amount: string }[];
}

export interface SumRow {
  key: KeyPart[];
  sum: Sum;
}

export interface SumRows {
  rows: SumRow[];
  total: Sum | null;
  /** What is to be known of the sums, or, where there are none, why the server does not add. */
  notes: Remark[];
  refused: boolean;
}

/** The phase that `/sum` calls so. */
export function phaseTold(value: string | undefined): Phase | undefined {
  return PHASES.find((phase) => phase === (value === "PriorYearExecution" ? "prior_year_execution" : value));
}

const FIGURES_SHOWN = 10;
// That years, phases and scopes have no total is no news where they stand in rows of their own.
const EXPECTED = ["year_total_withheld", "phase_total_withheld", "scope_total_withheld"];

function sumOf(row: Row, addends: SumAnswer["addends"], part: (key: string[]) => string | undefined = () => undefined): Sum {
  const figures = addends.slice(0, FIGURES_SHOWN)
    .map(({ key, observation, amount, document, table }) => ({ iri: observation, amount, document, table, source: null, part: part(key) }));
  return { amount: row.amount, addends: row.addends, contested: row.contested, inferred: row.inferred, figures };
}

/** The sums that `params` ask for. A refusal to add is an answer with its reasons; other failures are thrown. */
export async function askSums(params: Params, signal: AbortSignal): Promise<SumRows> {
  try {
    const answer = await ask<SumAnswer>("/sum", { ...params, addends: true }, { signal });
    const keyOf = (parts: string[]) => parts.join("\n");
    const names = new Map(answer.rows.map((row) => [keyOf(row.key.map((part) => part.value)), row.key.map((part) => part[language()]).join(" ")]));
    const byKey = new Map<string, SumAnswer["addends"]>();
    for (const addend of answer.addends) {
      const key = keyOf(addend.key);
      byKey.set(key, [...(byKey.get(key) ?? []), addend]);
    }
    return {
      rows: answer.rows.map((row) => ({ key: row.key, sum: sumOf(row, byKey.get(keyOf(row.key.map((part) => part.value))) ?? []) })),
      total: answer.total && sumOf(answer.total, answer.addends, (key) => names.get(keyOf(key))),
      notes: answer.notes.filter((note) => !EXPECTED.includes(note.code)),
      refused: false,
    };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "sum_refused") throw error;
    return { rows: [], total: null, notes: error.more.reasons as Remark[], refused: true };
  }
}

/** What is spent on the codes of a list, in one year, phase and fund scope. */
import { ask, useAnswer, useMade, type Answer } from "../../api";
import type { Choice as Option } from "../../components/Filters";
import { language } from "../../texts";
import { dimensions, keyOf, labelOf, SCOPES, usualType, type ListName, type SumRow, type SumTable } from "./shapes";

/** A code of each level, to tell the level's dimension and the length of its codes. */
const LEVELS: Record<ListName, string[]> = {
  functional: ["201", "20101", "2010101"],
  "department-economic": ["301", "30101"],
  "government-economic": ["501", "50101"],
};

/** The years, phases and scopes of which a list has figures, as one choice: `2024.executed.AllFunds`. */
export function useKinds(list: ListName): Option[] {
  // Economic codes stand in some tables only: which, is told by their classes.
  const own = list === "functional" ? [] : [dimensions({ list, code: LEVELS[list][0] ?? "" }).own];
  const sums = useAnswer<SumTable>("/sum", { by: ["year", "phase", "scope", ...own], where: typed(list) });
  const rank = (row: SumRow) => SCOPES.indexOf(keyOf(row, "scope"));
  const rows = [...(sums.value?.rows ?? [])].sort((a, b) =>
    keyOf(b, "year").localeCompare(keyOf(a, "year")) || keyOf(a, "phase").localeCompare(keyOf(b, "phase")) || rank(a) - rank(b));
  const text = (row: SumRow, of: typeof keyOf, between: string) => ["year", "phase", "scope"].map((dimension) => of(row, dimension)).join(between);
  const held = rows.filter((row) => own.every((dimension) => keyOf(row, dimension)));
  const found = new Map(held.map((row) => [text(row, keyOf, "."), text(row, labelOf, " · ")]));
  return [...found].map(([value, label]) => ({ value, label }));
}

function typed(list: ListName): string[] {
  const type = usualType(list);
  return type ? [`expenditure_type=${type}`] : [];
}

/** The sums of all codes of a list by code, for a choice of {@link useKinds}; what is not divided so far is left out. */
export function useAmounts(list: ListName, kind: string | null): Answer<Map<string, SumRow>> {
  const [year, phase, scope] = (kind ?? "").split(".");
  return useMade(kind && `${language()} ${list} ${kind}`, async (signal) => {
    const where = [...typed(list), `year=${year ?? ""}`, `phase=${phase ?? ""}`, `scope=${scope ?? ""}`];
    const found = new Map<string, SumRow>();
    for (const code of LEVELS[list]) {
      const by = dimensions({ list, code }).own;
      const table = await ask<SumTable>("/sum", { by, where }, { signal });
      for (const row of table.rows) {
        const value = keyOf(row, by);
        if (value.length === code.length) found.set(value, row);
      }
    }
    return found;
  });
}

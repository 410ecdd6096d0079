/** The code lists as trees that open, filtered by name, code and year. */
import type { ComponentChildren } from "preact";
import { Downloads } from "../../components/Downloads";
import { Field, Filters, Select } from "../../components/Filters";
import { listed } from "../../components/listed";
import { Money } from "../../components/Money";
import { Empty, Loading, Problem, Shown } from "../../components/State";
import { go, href, withParams, type Params, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import { useAmounts, useKinds } from "./amounts";
import { Doubts } from "./sums";
import { LISTS, useWhole, type CodeRef, type ListName, type SumRow } from "./shapes";

interface Branch {
  ref: CodeRef;
  parts: Branch[];
  /** Whether it is what the filters ask for, and not only the way there. */
  meant: boolean;
}

/** The codes that are meant, with all that lead to them, as trees in the order of codes. */
function branches(codes: CodeRef[], meant: Set<string>): Branch[] {
  const wanted = new Set([...meant].flatMap((code) => [code.slice(0, 3), code.slice(0, 5), code]));
  const made = new Map<string, Branch>();
  const roots: Branch[] = [];
  for (const ref of codes) {
    if (!wanted.has(ref.code)) continue;
    const branch = { ref, parts: [], meant: meant.has(ref.code) };
    made.set(ref.code, branch);
    // A code whose parent no list has stands beside the nearest that there is.
    const above = made.get(ref.code.slice(0, -2)) ?? made.get(ref.code.slice(0, 3));
    if (above && above !== branch) above.parts.push(branch);
    else roots.push(branch);
  }
  return roots;
}

function listOf(route: Route): ListName {
  const named = route.params.get("list");
  return LISTS.find((each) => each === named) ?? "functional";
}

export function CodeTree({ route }: { route: Route }) {
  useTitle(t("nav.codes"));
  const list = listOf(route);
  const q = route.params.get("q") ?? "";
  const year = Number(route.params.get("year")) || null;
  const all = useWhole<CodeRef>("/classification", { list });
  // The server knows the names of former years, too.
  const named = useWhole<CodeRef>(q ? "/classification" : null, { list, q });
  const kinds = useKinds(list);
  const kind = route.params.get("figures");
  const amounts = useAmounts(list, kind);
  const years = [...new Set(all.value?.flatMap((each) => each.years))].sort((a, b) => b - a).map(String);
  return (
    <>
      <div class="heading">
        <h1>{t("nav.codes")}</h1>
        <Downloads path="/classification" params={{ list, q }} name={t(`codes.list.${list}`)} />
      </div>
      <p class="lead">{t("codes.lead")}</p>
      <nav class="tabs" aria-label={t("codes.lists")}>
        {LISTS.map((each) => (
          <a key={each} href={href("codes", [], { list: each === "functional" ? null : each, q, year })}
            aria-current={each === list ? "page" : undefined}>
            {t(`codes.list.${each}`)}
          </a>
        ))}
      </nav>
      <Filters route={route} clearable={["q", "year", "figures"]}>
        <Field route={route} name="q" label={t("codes.q")} type="search" />
        <Select route={route} name="year" label={t("codes.printed_in")} choices={years.map((value) => ({ value, label: value }))} />
        <Select route={route} name="figures" label={t("codes.amounts")} choices={kinds} all={t("codes.amounts.none")} />
      </Filters>
      <Shown answer={q ? named : all}>
        {(found) => {
          const meant = new Set(found.filter((each) => !year || each.years.includes(year)).map((each) => each.code));
          const roots = branches(all.value ?? [], meant);
          if (!roots.length) return all.value ? <Empty>{t("codes.none")}</Empty> : null;
          return (
            <>
              <p class="note">
                {t("codes.count", { n: meant.size })} {kind && t("codes.amounts.note")} {kind && list !== "functional" && t("codes.amounts.basic")}
              </p>
              {amounts.problem && <Problem problem={amounts.problem} again={amounts.again} />}
              {kind && amounts.waiting && <Loading />}
              <Tree route={route} roots={roots} searched={q !== ""} amounts={kind ? amounts.value : null} />
            </>
          );
        }}
      </Shown>
    </>
  );
}

/** `open` in the address holds the codes that are open; a search opens all that leads to what it found. */
function Tree({ route, roots, searched, amounts }: { route: Route; roots: Branch[]; searched: boolean; amounts: Map<string, SumRow> | null }) {
  const open = new Set((route.params.get("open") ?? "").split(",").filter(Boolean));
  const toggle = (code: string) => {
    const next = new Set(open);
    if (!next.delete(code)) next.add(code);
    go(withParams(route, { open: [...next].sort().join(",") }), true);
  };
  const opened = (branch: Branch): boolean => open.has(branch.ref.code) !== (searched && leadsOn(branch));
  const draw = (parts: Branch[]): ComponentChildren => parts.map((branch) => {
    const { ref } = branch;
    const shown = branch.parts.length > 0 && opened(branch);
    return (
      <li key={ref.code}>
        <span class="node">
          {branch.parts.length > 0
            ? (
              <button type="button" class="fold" aria-expanded={shown} aria-label={`${ref.code} ${ref.name ?? ""}`}
                onClick={() => toggle(ref.code)}>{shown ? "▾" : "▸"}</button>
            )
            : <span class="fold" aria-hidden="true" />}
          <a href={href("codes", [ref.list, ref.code], kindOf(route))} class={branch.meant ? undefined : "way"}>
            <code>{ref.code}</code> {ref.name ?? t("codes.nameless")}
          </a>
          {branch.parts.length > 0 && <span class="note wide">{t("codes.parts", { n: branch.parts.length })}</span>}
          {amounts ? <Amount of={amounts.get(ref.code)} /> : <span class="note years wide">{span(ref.years)}</span>}
        </span>
        {shown && <ul>{draw(branch.parts)}</ul>}
      </li>
    );
  });
  return <ul class="tree codes">{draw(roots)}</ul>;
}

/** The year, phase and scope of the amounts shown, as the view of one code takes them. */
function kindOf(route: Route): Params {
  const [year, phase, scope] = (route.params.get("figures") ?? "").split(".");
  return { year, phase, scope };
}

/** What is spent on a code, by how many. The way to the figures is the code's own view. */
function Amount({ of }: { of: SumRow | undefined }) {
  if (!of) return <span class="years none">{t("money.none")}</span>;
  return (
    <span class="years">
      <Money of={of.amount} scale="万元" /> <small class="note">{t("codes.of_departments", { n: of.organizations })}</small> <Doubts of={of} />
    </span>
  );
}

/** Whether something that is meant lies below. */
function leadsOn(branch: Branch): boolean {
  return branch.parts.some((part) => part.meant || leadsOn(part));
}

/** Years in one line, runs drawn together: 2019, 2021–2024. */
export function span(years: number[]): string {
  const runs: [number, number][] = [];
  for (const year of [...years].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === year - 1) last[1] = year;
    else runs.push([year, year]);
  }
  return listed(runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)));
}

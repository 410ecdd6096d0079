/** The audit sheet (核对底稿): comparison by comparison, what to look at first before the rest. */
import { useAnswer, useList } from "../../api";
import { count as thousands } from "../../components/count";
import { Downloads } from "../../components/Downloads";
import { Filters, Select } from "../../components/Filters";
import { SourceButton } from "../../components/Source";
import { Empty, Shown } from "../../components/State";
import { More } from "../../components/Table";
import { href, thingHref, withParams, type Route } from "../../router";
import { unitName } from "../../components/unit";
import { t } from "../../texts";
import {
  counted, countedOnce, DIFFERING, documentTitle, inLanguage, readable, VERDICTS,
  type CheckedDocument, type CheckLine, type CheckPage, type CountedRule, type Verdict,
} from "./shapes";
import { Sides, type Titles } from "./sides";

const PAGE = 50;
/** Verdicts that say of a difference that it is no contradiction, and why. */
const EXPLAINED: readonly Verdict[] = ["scope_differs", "rounding", "cannot_tell"];
const FILTERS = ["document", "check", "verdict"];

export function Lines({ route }: { route: Route }) {
  const document = route.params.getAll("document");
  const check = route.params.getAll("check");
  const verdict = route.params.getAll("verdict");
  const asked = { document, check, verdict, once: true };
  const list = useList<CheckLine, CheckPage>("/checks", { ...asked, limit: PAGE });
  // A list of some documents counts only these; the others are still to be chosen, and lines between documents name them.
  const all = useAnswer<CheckPage>(document.length ? "/checks" : null, { limit: 0 });
  const documents = (all.value ?? list.value)?.documents ?? [];
  const titles: Titles = new Map(documents.map((each) => [each.document, documentTitle(each)]));
  return (
    <>
      <Chosen route={route} documents={documents} rules={list.value?.checks ?? []} verdicts={verdict} />
      <Shown answer={list}>
        {(page) => (
          <>
            <VerdictChoice route={route} page={page} checks={check} />
            <div class="heading">
              <h2>{chosenWords(page, titles, asked)}</h2>
              <Downloads path="/checks" params={asked} name={t("checks.file")} />
            </div>
            <Repeated page={page} checks={check} verdicts={verdict} />
            {list.items.length ? list.items.map((line) => (
              <Line key={line.iri} line={line} titles={titles} rule={page.checks.find((rule) => rule.check === line.check)} />
            )) : <Empty>{nothingThere(page, verdict)}</Empty>}
            <More list={list} />
          </>
        )}
      </Shown>
    </>
  );
}

/** What is listed once although several documents of one disclosure have it. */
function Repeated({ page, checks, verdicts }: { page: CheckPage; checks: string[]; verdicts: string[] }) {
  const shown = verdicts.length ? (verdicts as Verdict[]) : DIFFERING;
  const n = page.checks.filter((rule) => !checks.length || checks.includes(rule.check)).reduce((sum, rule) => sum + counted(rule.repeated, shown), 0);
  return n > 0 ? <p class="note">{t("checks.repeated", { n })}</p> : null;
}

/** What is listed, in words: they also stand on paper, where the filters do not. */
function chosenWords(page: CheckPage, titles: Titles, asked: { document: string[]; check: string[]; verdict: string[] }): string {
  const rules = new Map(page.checks.map((rule) => [rule.check, inLanguage(rule.title)]));
  return [
    ...asked.document.map((name) => titles.get(name) ?? name),
    ...asked.check.map((name) => rules.get(name) ?? name),
    ...(asked.verdict.length ? asked.verdict : ["open"]).map((verdict) => t(`checks.verdict.${verdict}`)),
  ].join(t("checks.and"));
}

/** Why no line is listed: nothing was compared, or everything that was compared agrees. */
function nothingThere(page: CheckPage, verdicts: string[]): string {
  if (verdicts.length) return t("state.empty");
  const compared = page.checks.reduce((sum, rule) => sum + counted(rule.verdicts, VERDICTS), 0);
  return compared ? t("checks.nothing.differs", { n: compared }) : t("checks.nothing.compared");
}

function Chosen({ route, documents, rules, verdicts }: { route: Route; documents: CheckedDocument[]; rules: CountedRule[]; verdicts: string[] }) {
  const shown = verdicts.length ? (verdicts as Verdict[]) : DIFFERING;
  const offered = rules.map((rule) => ({ rule, n: countedOnce(rule, shown) })).filter(({ n }) => n > 0);
  const ordered = [...documents].sort((a, b) => a.issuer.localeCompare(b.issuer, "zh") || b.fiscal_year - a.fiscal_year);
  return (
    <Filters route={route} clearable={FILTERS}>
      <Select route={route} name="document" label={t("field.document")}
        choices={ordered.map((each) => ({ value: each.document, label: documentTitle(each) }))} />
      <Select route={route} name="check" label={t("checks.check")}
        choices={offered.map(({ rule, n }) => ({ value: rule.check, label: t("checks.counted", { name: inLanguage(rule.title), n }) }))} />
    </Filters>
  );
}

/** The verdicts with their counts, each a link; without a choice those that have to be looked at are listed. */
function VerdictChoice({ route, page, checks }: { route: Route; page: CheckPage; checks: string[] }) {
  const rules = checks.length ? page.checks.filter((rule) => checks.includes(rule.check)) : page.checks;
  const count = (verdicts: readonly Verdict[]) => rules.reduce((sum, rule) => sum + countedOnce(rule, verdicts), 0);
  const chosen = route.params.getAll("verdict");
  const choices: { key: string; verdicts: readonly Verdict[]; asked: Verdict[] }[] = [
    { key: "open", verdicts: DIFFERING, asked: [] },
    ...VERDICTS.map((verdict) => ({ key: verdict, verdicts: [verdict], asked: [verdict] })),
  ];
  return (
    <ul class="check-verdicts" aria-label={t("checks.verdict")}>
      {choices.map(({ key, verdicts, asked }) => (
        <li key={key}>
          <a href={withParams(route, { verdict: asked })} aria-current={chosen.join() === asked.join() ? "true" : undefined}>
            <b>{thousands(count(verdicts))}</b><span>{t(`checks.verdict.${key}`)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** How a verdict looks beside its name. */
export function VerdictTag({ verdict }: { verdict: Verdict }) {
  const look = { contradicts: "", questionable: "warn", scope_differs: "warn", rounding: "calm", cannot_tell: "calm", agrees: "good" }[verdict];
  return <span class={`tag ${look}`} title={t(`checks.means.${verdict}`)}>{t(`checks.verdict.${verdict}`)}</span>;
}

function Line({ line, titles, rule }: { line: CheckLine; titles: Titles; rule: CountedRule | undefined }) {
  const title = rule ? inLanguage(rule.title) : line.check;
  return (
    <article class="card check-line">
      <header>
        <h3><VerdictTag verdict={line.verdict} /> {title}
          {line.kind && line.verdict === "contradicts" && <> <span class="tag calm">{t(`checks.kind.${line.kind}`)}</span></>}</h3>
        {line.difference !== null && (
          <p class="check-difference"><span>{t("checks.difference")}</span> <b>{readable(line.difference)}</b>
            {line.unit && <small> {unitName(line.unit)}</small>}</p>
        )}
      </header>
      <p class="check-detail">{line.detail}</p>
      <Sides line={line} titles={titles} />
      {line.repeated_in.length > 0 && (
        <p class="note">{t("checks.repeated_in")}{line.repeated_in.map((name) => <> <a key={name} href={href("documents", [name])}>{name}</a></>)}</p>
      )}
      {EXPLAINED.includes(line.verdict) && <p class="note">{t(`checks.means.${line.verdict}`)}</p>}
      <div class="check-foot">
        {rule && (
          <details>
            <summary>{t("checks.rule")}</summary>
            <p>{inLanguage(rule.rule)}</p>
            <p class="note">{t("checks.rule.facts", { scope: t(`checks.scope.${rule.scope}`), tolerance: t(`checks.tolerance.${rule.tolerance}`) })}{" "}
              <a href={href("checks", [], { check: rule.check })}>{t("checks.rule.all")}</a></p>
          </details>
        )}
        <p class="links">
          <SourceButton iri={line.iri} of={line.detail} label={t("checks.both")} />
          <a href={thingHref(line.iri)}>{t("source.full")}</a>
        </p>
      </div>
    </article>
  );
}

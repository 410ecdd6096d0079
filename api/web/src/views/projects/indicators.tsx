/** Performance indicators: target against actual, drawn where both are numbers that can be compared, in words else. */
import { SourceButton } from "../../components/Source";
import { Table, type Column } from "../../components/Table";
import { compareAmounts, difference } from "../../money";
import { href } from "../../router";
import { has, t } from "../../texts";
import type { Indicator } from "./shapes";

type Verdict = "met" | "missed" | "words" | "unknown" | "open";

const SIGN: Record<Verdict, string> = { met: "✓", missed: "✕", words: "≡", unknown: "？", open: "" };

/** What the figures say. Words are not judged, and neither is what the server could not compare. */
export function verdict(indicator: Indicator): Verdict {
  if (!indicator.actual) return "open";
  if (indicator.achieved !== null) return indicator.achieved ? "met" : "missed";
  const numbers = ["number", "range"];
  return numbers.includes(indicator.target?.kind ?? "") && numbers.includes(indicator.actual.kind ?? "") ? "unknown" : "words";
}

/** The points that an indicator lost: its weight less its score, where both are printed as plain numbers. */
export function pointsLost(indicator: Pick<Indicator, "weight" | "score">): string | null {
  const { weight, score } = indicator;
  const lost = weight && score ? difference(weight, score) : null;
  if (lost === null || lost.startsWith("-") || compareAmounts(lost, "0") === 0) return null;
  return lost.includes(".") ? lost.replace(/\.?0+$/, "") : lost;
}

export function Indicators({ indicators }: { indicators: Indicator[] }) {
  const count = (wanted: Verdict) => indicators.filter((each) => verdict(each) === wanted).length;
  const evaluated = indicators.some((each) => each.actual);
  const told = (["met", "missed", "words", "unknown", "open"] as const).filter((each) => evaluated && count(each) > 0);
  return (
    <>
      {told.length > 0 && (
        <p class="facts">{told.map((each) => <span key={each}><Mark verdict={each} /> {count(each)}</span>)}</p>
      )}
      <div class="indicators">
        <Table caption={t("projects.indicators")} columns={columns(indicators, evaluated)} rows={indicators} rowKey={(each) => each.iri} />
      </div>
      {indicators.some((each) => each.outcome) && <p class="note">{t("projects.outcome.note")}</p>}
      <p class="note">{t(evaluated ? "projects.indicators.note" : "projects.indicators.planned")}</p>
    </>
  );
}

function columns(indicators: Indicator[], evaluated: boolean): Column<Indicator>[] {
  const none = <span class="none">{t("money.none")}</span>;
  const name: Column<Indicator> = {
    key: "name", head: t("projects.indicator"), wrap: true, cell: (each) => (
      <>
        {each.name}
        <span class="under">{[each.level1, each.level2].filter((level) => level && level !== each.name).join(" › ")}</span>
      </>
    ),
  };
  const target: Column<Indicator> = { key: "target", head: t("projects.target"), wrap: true, cell: (each) => each.target?.printed ?? none };
  const source: Column<Indicator> = { key: "source", head: t("source.open"), cell: (each) => <SourceButton iri={each.iri} of={each.name} /> };
  const weight: Column<Indicator>[] = indicators.some((each) => each.weight)
    ? [{ key: "weight", head: t("projects.weight"), number: true, cell: (each) => each.weight ?? none }] : [];
  if (!evaluated) return [name, target, ...weight, source];
  const told: Column<Indicator>[] = [
    { key: "actual", head: t("projects.actual"), wrap: true, cell: (each) => each.actual?.printed ?? none },
    ...(indicators.some((each) => each.achievement_ratio !== null) ? [
      { key: "drawn", head: t("projects.drawn"), cell: (each: Indicator) => <Drawn indicator={each} /> },
    ] : []),
    { key: "verdict", head: t("projects.verdict"), cell: (each) => <Mark verdict={verdict(each)} /> },
  ];
  const points: Column<Indicator>[] = indicators.some((each) => each.score) ? [
    { key: "score", head: t("projects.score.of"), number: true, cell: (each) => <Score of={each} /> },
  ] : weight;
  const after: Column<Indicator>[] = indicators.some((each) => each.reason || each.outcome) ? [
    { key: "reason", head: t("projects.reason"), wrap: true, wide: true, cell: (each) => <>{each.reason}<Later of={each} /></> },
  ] : [];
  return [name, target, ...told, ...points, ...after, source];
}

/** A verdict by sign, word and colour. */
export function Mark({ verdict: found }: { verdict: Verdict }) {
  return <span class={`verdict ${found}`}><span aria-hidden="true">{SIGN[found]}</span> {t(`projects.verdict.${found}`)}</span>;
}

function Score({ of }: { of: Indicator }) {
  const lost = pointsLost(of);
  const none = t("money.none");
  return (
    <>
      {of.score ?? none}<small class="of"> / {of.weight ?? none}</small>
      {lost && <span class="under lost">{t("projects.lost.points", { points: lost })}</span>}
    </>
  );
}

/** What became of a missed indicator in the next year. */
function Later({ of }: { of: Indicator }) {
  const { outcome } = of;
  if (!outcome) return null;
  const { later } = outcome;
  return (
    <span class="under">
      {t(`projects.outcome.${outcome.outcome}`)}{" "}
      {has(`projects.outcome.why.${outcome.why}`) && t(`projects.outcome.why.${outcome.why}`)}
      {later && (
        <>
          {t("projects.outcome.later", {
            year: later.document.fiscal_year, target: later.target ?? t("money.none"), actual: later.actual ?? t("money.none"),
          })}
          <SourceButton iri={later.iri} of={`${later.document.fiscal_year} ${of.name}`} />
          <a href={href("documents", [later.document.document])}>{later.document.fiscal_year} {later.document.kind}</a>
        </>
      )}
    </span>
  );
}

/** The widest a bar may be, in targets: what is beyond is cut off, with a mark. */
const WIDEST = 2.5;

/**
 * The actual value as a bar, the target as a tick; the side on which the target is met is shaded. Drawn only where the
 * server found both comparable: then they are numbers of one unit.
 */
function Drawn({ indicator }: { indicator: Indicator }) {
  const { target, actual, achievement_ratio: ratio } = indicator;
  if (!target?.number || !actual?.number || ratio === null) return null;
  const [from, done] = [Number(target.number), Number(actual.number)];
  const to = target.upper ? Number(target.upper) : from;
  const whole = Math.min(Math.max(to, done) * 1.08, Math.max(to, from) * WIDEST);
  if (!(whole > 0)) return null;
  const at = (value: number) => `${Math.min((100 * value) / whole, 100)}%`;
  const less = target.comparator === "≤" || target.comparator === "<";
  const more = target.comparator === "≥" || target.comparator === ">";
  const [start, end] = target.upper ? [from, to] : less ? [0, from] : more ? [from, whole] : [from, from];
  const words = t("projects.drawn.words", { target: target.printed, actual: actual.printed, percent: percent(ratio) });
  return (
    <svg class={`drawn ${verdict(indicator)}`} role="img" aria-label={words} width="9rem" height="16">
      <title>{words}</title>
      {end > start && <rect class="good-side" x={at(start)} y="0" width={at(Math.min(end, whole) - start)} height="16" />}
      <rect class="done" x="0" y="4" width={at(done)} height="8" />
      {done > whole && <rect class="cut" x="94%" y="2" width="2%" height="12" />}
      <Tick x={at(from)} />
      {target.upper && <Tick x={at(to)} />}
    </svg>
  );
}

function Tick({ x }: { x: string }) {
  return <line class="tick" x1={x} x2={x} y1="0" y2="16" />;
}

function percent(ratio: string): string {
  return (100 * Number(ratio)).toFixed(2).replace(/\.?0+$/, "");
}

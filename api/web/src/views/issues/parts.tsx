/** What the list, the matrix and the page of one issue have in common. */
import { href, withParams, type Route } from "../../router";
import { language, t } from "../../texts";
import { OUTCOMES, type IssueSummary, type Outcome } from "./shapes";

/** Cause or measure, and the type of causes, each the way to all of that kind. */
export function Tags({ of }: { of: IssueSummary }) {
  return (
    <>
      <span class={`tag ${of.side === "cause" ? "" : "good"}`}>{t(`issues.side.${of.side}`)}</span>{" "}
      {of.type && (
        <a class="tag calm" href={href("issues", [], { type: of.type.code })}
          title={t("issues.type.share", { share: Math.round(of.type.share * 100) })}>{of.type.name[language()]}</a>
      )}
    </>
  );
}

const LOOK: Record<Outcome, string> = { met: "good", repeated: "", dropped: "warn", unknown: "calm" };

/** What became of an indicator in the next year. */
export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  return <span class={`tag ${LOOK[outcome]}`} title={t(`issues.outcome.${outcome}.means`)}>{t(`issues.outcome.${outcome}`)}</span>;
}

/** Outcomes in counts; those that did not occur are left out. */
export function Outcomes({ of }: { of: Record<Outcome, number> }) {
  const some = OUTCOMES.filter((outcome) => of[outcome] > 0);
  if (!some.length) return <span class="none">{t("money.none")}</span>;
  return <span class="issue-outcomes">{some.map((outcome) => (
    <span key={outcome} title={t(`issues.outcome.${outcome}.means`)}>{t(`issues.outcome.${outcome}`)} <b>{of[outcome]}</b></span>
  ))}</span>;
}

/** List or matrix: the same filters. */
export function Shapes({ route }: { route: Route }) {
  const matrix = route.params.get("show") === "matrix";
  return (
    <nav class="tabs" aria-label={t("issues.shapes")}>
      <a href={withParams(route, { show: "" })} aria-current={matrix ? undefined : "page"}>{t("issues.shape.list")}</a>
      <a href={withParams(route, { show: "matrix" })} aria-current={matrix ? "page" : undefined}>{t("issues.shape.matrix")}</a>
    </nav>
  );
}

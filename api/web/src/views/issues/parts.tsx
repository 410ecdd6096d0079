/** What the list, the matrix and the page of one issue have in common. */
import { href, withParams, type Route } from "../../router";
import { language, t } from "../../texts";
import { ofTypes, OUTCOMES, type IssueSummary, type Outcome } from "./shapes";

/** Cause or measure, and the type of causes, each the way to all of that kind; of a type, its group. */
export function Tags({ of }: { of: IssueSummary }) {
  if (of.names) {
    return of.type && <a class="tag calm" href={href("issues", [], { level: "type", type: of.type.code })}>{of.type.name[language()]}</a>;
  }
  return (
    <>
      <span class={`tag ${of.side === "cause" ? "" : "good"}`}>{t(`issues.side.${of.side}`)}</span>{" "}
      {of.type && (
        <a class="tag calm" href={of.type.relation === "closeMatch" ? href("issues", [of.type.code]) : href("issues", [], { level: "type", type: of.type.code })}
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

/** Issues or types of causes, in a list or by departments: the same filters, but for the types. */
export function Shapes({ route }: { route: Route }) {
  const [types, matrix] = [ofTypes(route), route.params.get("show") === "matrix"];
  const tab = (name: string, level: boolean, show: boolean) => (
    <a href={withParams(route, { level: level ? "type" : "", show: show ? "matrix" : "", ...(level === types ? {} : { type: "", side: "" }) })}
      aria-current={level === types && show === matrix ? "page" : undefined}>{t(name)}</a>
  );
  return (
    <nav class="tabs" aria-label={t("issues.shapes")}>
      {tab("issues.shape.list", false, false)}
      {tab("issues.shape.matrix", false, true)}
      {tab("issues.shape.types", true, false)}
      {tab("issues.shape.types.matrix", true, true)}
    </nav>
  );
}

/** Figures and statements of one document that should agree and do not, both places side by side. */
import { useState } from "preact/hooks";
import { withParams, type Route } from "../../router";
import { t } from "../../texts";
import type { Source } from "../../types";
import { Downloads } from "../../components/Downloads";
import { SourceButton } from "../../components/Source";
import { Empty } from "../../components/State";
import { unitName } from "../../components/unit";
import { PlaceLink } from "./place";
import { VERDICTS, type Contradiction, type DocumentDetail, type Verdict } from "./shapes";

const AT_ONCE = 20;

export function Contradictions({ route, of }: { route: Route; of: DocumentDetail }) {
  const [most, setMost] = useState(AT_ONCE);
  const { contradictions, contradictions_total } = of;
  if (!contradictions.length) return <Empty>{t("contradiction.none")}</Empty>;
  const number = (verdict: Verdict) => contradictions.filter((each) => each.verdict === verdict).length;
  const there = VERDICTS.filter(number);
  const chosen = there.find((verdict) => verdict === route.params.get("verdict"));
  const admitted = there.flatMap((verdict) => contradictions.filter((each) => each.verdict === verdict && (!chosen || verdict === chosen)));
  const shown = admitted.slice(0, most);
  return (
    <section aria-label={t("documents.part.contradictions")}>
      {there.length > 1 && (
        <p class="links verdicts">
          <a href={withParams(route, { verdict: null })} aria-current={chosen ? undefined : "true"}>
            {t("contradiction.all")} {contradictions.length}
          </a>
          {there.map((verdict) => (
            <a key={verdict} href={withParams(route, { verdict })} aria-current={chosen === verdict ? "true" : undefined}>
              {t(`checks.verdict.${verdict}`)} {number(verdict)}
            </a>
          ))}
        </p>
      )}
      <Downloads path="/checks" params={{ document: of.document.document, verdict: chosen ?? there }}
        name={`${of.document.document} ${t("documents.part.contradictions")}`} />
      {contradictions.length < contradictions_total && (
        <p class="note">{t("contradiction.some", { n: contradictions.length, total: contradictions_total })}</p>
      )}
      {shown.map((each) => (
        <Card key={each.iri} of={each} pictured={of.document.pages !== null} />
      ))}
      {admitted.length > shown.length && (
        <p class="more">
          <button type="button" class="quiet" onClick={() => setMost(most + AT_ONCE)}>
            {t("contradiction.more", { n: Math.min(AT_ONCE, admitted.length - shown.length) })}
          </button>
        </p>
      )}
    </section>
  );
}

function Card({ of, pictured }: { of: Contradiction; pictured: boolean }) {
  const { source, counterpart, unit } = of;
  const same = source !== null && source.iri === counterpart?.iri;
  return (
    <article class="card contradiction">
      <p class="facts">
        <span class={of.verdict === "contradicts" ? "tag" : "tag calm"}>{t(`checks.verdict.${of.verdict}`)}</span>
        <span>{t(`checks.kind.${of.kind}`)}</span>
        {of.difference && (
          <span>
            {t("contradiction.difference", {
              difference: of.difference.replace(/^-/, "−"),
              unit: unitName(unit),
            })}
          </span>
        )}
        <SourceButton iri={of.iri} of={of.detail} />
      </p>
      <p>{of.detail}</p>
      <div class="sides">
        <Side name={t("contradiction.left")} printed={of.left} unit={of.left_unit} place={source} pictured={pictured} />
        <Side
          name={t("contradiction.right")}
          printed={of.right}
          unit={of.right_unit}
          place={same ? null : counterpart}
          pictured={pictured}
          note={t(same ? "contradiction.same" : "contradiction.computed")}
        />
      </div>
    </article>
  );
}

function Side({
  name,
  printed,
  unit,
  place,
  pictured,
  note,
}: {
  name: string;
  printed: string;
  unit: string | null;
  place: Source | null;
  pictured: boolean;
  note?: string;
}) {
  return (
    <div>
      <p class="facts">
        <span>{name}</span>
        <PlaceLink source={place} pictured={pictured} />
        <SourceButton iri={place?.iri} of={printed} />
      </p>
      <p>
        <b>{printed}</b>
        {unit && <small> {unitName(unit)}</small>}
      </p>
      {place ? <blockquote>{place.quote.trim()}</blockquote> : <p class="note">{note}</p>}
    </div>
  );
}

/** One statement that was found: who says it, of what, where; its other places and those like it unfold below. */
import { useState } from "preact/hooks";
import { useAnswer } from "../../api";
import { href, viewHref } from "../../router";
import { t } from "../../texts";
import { Money } from "../../components/Money";
import { placeText, SourceButton } from "../../components/Source";
import { Empty, Shown } from "../../components/State";
import { Marked } from "./highlight";
import type { ExplainedIndicator, Hit, HitPage, Passage } from "./shapes";

interface HitProps {
  hit: Hit;
  /** The words to mark. */
  query: string;
  /** How many near statements the department has, where hits are one for each. */
  count?: number;
  /** Whether those like it can be unfolded in place. */
  similar?: boolean;
}

const LONG = 240; // characters from which a statement is cut until it is unfolded
const LONG_UNIT = 36; // some documents list all units that carry a project out
type Unfolded = "quote" | "places" | "similar";

export function HitCard({ hit, query, count, similar = true }: HitProps) {
  const { passage, places } = hit;
  const [unfolded, setUnfolded] = useState<Unfolded | null>(null);
  const [whole, setWhole] = useState(false);
  const long = passage.text.length > LONG;
  const source = <SourceButton iri={passage.iri} of={passage.text.slice(0, LONG)} />;
  const toggle = (which: Unfolded, words: string) => (
    <button type="button" class="quiet" aria-expanded={unfolded === which} onClick={() => setUnfolded(unfolded === which ? null : which)}>
      {words}
    </button>
  );
  return (
    <article class="card hit">
      <p class={long && !whole ? "says cut" : "says"}>
        <Marked text={passage.text} query={query} shared={hit.why.shared} /> {!long && source}
      </p>
      {long && (
        <p class="links">
          <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {t(whole ? "hit.less" : "hit.whole")}
          </button>
          {source}
        </p>
      )}
      <Context passage={passage} />
      {passage.indicators.slice(0, 3).map((indicator, at) => (
        <Explained key={at} indicator={indicator} />
      ))}
      <p class="facts">
        {hit.similar !== false && hit.probability !== null && (
          <span class={hit.probability >= 0.5 ? "tag good" : "tag calm"}>
            {t("hit.probability", { percent: Math.round(hit.probability * 100) })}
          </span>
        )}
        {hit.similar === false && <span class="tag calm">{t("hit.unlike")}</span>}
        {count !== undefined && count > 1 && <span>{t("hit.count", { n: count })}</span>}
        {hit.used_by_departments > 0 && <span>{t("hit.used", { n: hit.used_by_departments })}</span>}
        {hit.used_in_years > 0 && <span>{t("hit.used.years", { n: hit.used_in_years })}</span>}
        <a href={href("documents", [passage.document])}>{placeText(passage)}</a>
        {passage.quote.trim() !== passage.text.trim() && passage.quote && toggle("quote", t("hit.quote"))}
        {places.length > 1 && toggle("places", t("hit.places", { n: places.length }))}
        {similar && toggle("similar", t("hit.similar"))}
      </p>
      {unfolded === "quote" && (
        <blockquote>
          <Marked text={passage.quote} query={passage.text} />
        </blockquote>
      )}
      {unfolded === "places" && (
        <ul class="places">
          {places.map((place) => (
            <li key={place.id}>
              <Context passage={place} />
              <SourceButton iri={place.iri} of={placeText(place)} label={placeText(place)} />
            </li>
          ))}
        </ul>
      )}
      {unfolded === "similar" && <Elsewhere passage={passage} />}
    </article>
  );
}

/** Who states it, of which project or item, when, and what money is at stake. */
export function Context({ passage }: { passage: Passage }) {
  const { department, department_url, unit, project, project_url, amount } = passage;
  return (
    <p class="facts">
      <span class="tag calm">{t(`search.kind.${passage.kind}`)}</span>
      {department && <Linked name={department} url={department_url} />}
      {project && <Linked name={project} url={project_url} />}
      {project && unit && unit !== department && (
        <span title={unit}>{unit.length > LONG_UNIT ? `${unit.slice(0, LONG_UNIT)}…` : unit}</span>
      )}
      {passage.code && (
        <a href={href("codes", [passage.code])}>
          {passage.code} {passage.item}
        </a>
      )}
      {!passage.code && passage.item && <span>{passage.item}</span>}
      <span>{[passage.fiscal_year, passage.disclosure].filter(Boolean).join(" ")}</span>
      {amount && Number(amount) !== 0 && (
        <span>
          {t(!project ? "hit.stated" : amount.startsWith("-") ? "hit.overspent" : "hit.unspent")} <Money of={amount.replace(/^-/, "")} />
        </span>
      )}
      {passage.score_lost && Number(passage.score_lost) > 0 && <span>{t("hit.lost", { points: passage.score_lost })}</span>}
    </p>
  );
}

/** A name that leads to its view, where it is known which thing it names. */
function Linked({ name, url }: { name: string; url: string | null }) {
  return url ? <a href={viewHref(url)}>{name}</a> : <span>{name}</span>;
}

function Explained({ indicator }: { indicator: ExplainedIndicator }) {
  const { name, target, actual, weight, score } = indicator;
  return (
    <p class="facts">
      <span>{t("hit.indicator")}</span> <b>{name}</b>
      {target && <span>{t("hit.indicator.target", { value: target })}</span>}
      {actual && <span>{t("hit.indicator.actual", { value: actual })}</span>}
      {weight && score && <span>{t("hit.indicator.score", { score, weight })}</span>}
    </p>
  );
}

/** What other departments state that means nearly the same, unfolded in place. */
function Elsewhere({ passage }: { passage: Passage }) {
  const answer = useAnswer<HitPage>("/passages/similar", { iri: passage.id, k: 5 });
  return (
    <section class="elsewhere" aria-label={t("hit.similar")}>
      <Shown answer={answer}>
        {({ items }) => {
          if (!items.length) return <Empty>{t("hit.similar.none")}</Empty>;
          const near = items.filter((hit) => hit.similar !== false);
          return (
            <>
              {!near.length && <p class="note">{t("hit.similar.unlike")}</p>}
              {(near.length ? near : items.slice(0, 2)).map((hit) => (
                <HitCard key={hit.passage.id} hit={hit} query={passage.text} similar={false} />
              ))}
              <p class="links">
                <a href={href("search", [], { like: passage.id })}>{t("hit.similar.all")}</a>
              </p>
            </>
          );
        }}
      </Shown>
    </section>
  );
}

/** Goals, reasons, causes and measures in the documents' words, and where others say nearly the same. */
import { useId, useState } from "preact/hooks";
import { useAnswer } from "../../api";
import { placeText, SourceButton } from "../../components/Source";
import { Empty, Shown } from "../../components/State";
import { viewHref } from "../../router";
import { t } from "../../texts";
import { pointsLost } from "./indicators";
import type { Indicator, Reason, Stated } from "./shapes";

/** Sentences of one kind; nothing where there are none. */
export function StatedList({ title, items }: { title: string; items: Stated[] }) {
  if (!items.length) return null;
  return (
    <section class="stated">
      <h4>{title}</h4>
      <ul>{items.map((item) => <li key={item.iri}><Sentence of={item} /></li>)}</ul>
    </section>
  );
}

/** Reasons, causes or measures: what they are given for, what they have in common with others, what is similar elsewhere. */
export function ReasonList({ title, items, indicators }: { title: string; items: Reason[]; indicators: Indicator[] }) {
  return (
    <section class="stated">
      <h4>{title}</h4>
      {!items.length && <p class="note">{t("projects.none_stated")}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.iri}>
            <Sentence of={item} />
            {indicators.filter((each) => isGivenFor(item, each)).map((each) => <Explained key={each.iri} indicator={each} />)}
            {item.issues.map((issue) => (
              <p class="note" key={issue.id}>{t("projects.issue")} <a href={viewHref(issue.url)}>{issue.label}</a></p>
            ))}
            <Similar iri={item.iri} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** By a link of the graph, or because the very words stand beside the indicator. */
function isGivenFor(reason: Reason, indicator: Indicator): boolean {
  return reason.explains.includes(indicator.iri) || indicator.reason === reason.text;
}

function Sentence({ of }: { of: Stated }) {
  return (
    <>
      <p>{of.text} <SourceButton iri={of.iri} of={of.text.slice(0, 30)} /></p>
      {of.source && <p class="note">{placeText(of.source)}</p>}
    </>
  );
}

function Explained({ indicator }: { indicator: Indicator }) {
  const lost = pointsLost(indicator);
  return <p class="note">{t("projects.explains", { name: indicator.name })}{lost && ` ${t("projects.lost.points", { points: lost })}`}</p>;
}

interface Passage {
  iri: string;
  kind: string;
  text: string;
  department: string | null;
  department_url: string | null;
  project: string | null;
  project_url: string | null;
  document: string;
  fiscal_year: number | null;
  page: number | null;
  line: number | null;
  score_lost: string | null;
}

interface Hits {
  items: { passage: Passage; similar: boolean | null; probability: number | null; places: unknown[] }[];
  threshold: number | null;
}

/** Passages of other departments that say nearly the same; asked for when it is opened. */
function Similar({ iri }: { iri: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const hits = useAnswer<Hits>(open ? "/passages/similar" : null, { iri, k: 6 });
  return (
    <div class="similar">
      <button type="button" class="quiet" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>{t("projects.similar")}</button>
      <div id={id} hidden={!open}>
        {open && <Shown answer={hits}>{(found) => <SimilarList hits={found} />}</Shown>}
      </div>
    </div>
  );
}

function SimilarList({ hits }: { hits: Hits }) {
  const near = hits.items.filter((hit) => hit.similar !== false);
  const rest = hits.items.filter((hit) => hit.similar === false);
  if (!hits.items.length) return <Empty>{t("projects.similar.none")}</Empty>;
  return (
    <>
      {near.length === 0 && <p class="note">{t("projects.similar.far")}</p>}
      <ul>{near.map((hit) => <Hit key={hit.passage.iri} hit={hit} />)}</ul>
      {rest.length > 0 && (
        <details>
          <summary>{t("projects.similar.rest", { n: rest.length })}</summary>
          <ul>{rest.map((hit) => <Hit key={hit.passage.iri} hit={hit} />)}</ul>
        </details>
      )}
    </>
  );
}

function Hit({ hit: { passage, probability, places } }: { hit: Hits["items"][number] }) {
  const { department, project } = passage;
  return (
    <li>
      <p>{passage.text} <SourceButton iri={passage.iri} of={passage.text.slice(0, 30)} /></p>
      <p class="facts">
        {department && <span>{passage.department_url ? <a href={viewHref(passage.department_url)}>{department}</a> : department}</span>}
        {project && <span>{passage.project_url ? <a href={viewHref(passage.project_url)}>{project}</a> : project}</span>}
        <span>{passage.fiscal_year}</span>
        {passage.score_lost && <span>{t("projects.lost.points", { points: passage.score_lost })}</span>}
        {probability !== null && <span>{t("projects.similar.probability", { percent: Math.round(100 * probability) })}</span>}
        {places.length > 1 && <span>{t("projects.similar.places", { n: places.length })}</span>}
      </p>
    </li>
  );
}

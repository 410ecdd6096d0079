/** The two sides of a comparison, quoted side by side. */
import { placeText, SourceButton } from "../../components/Source";
import { unitName } from "../../components/unit";
import { href } from "../../router";
import { t } from "../../texts";
import { cutAtPrinted, isNumber, readable, type CheckLine, type CheckPlace, type Operand, type Side } from "./shapes";

/** How documents are named, by their names in the workspace. */
export type Titles = ReadonlyMap<string, string>;

/** An only operand with more characters than this, such as a whole paragraph, is unfolded on demand. */
const INLINE = 120;

export function Sides({ line, titles }: { line: CheckLine; titles: Titles }) {
  return (
    <div class="check-sides">
      <SideOf line={line} side={line.left} name={t("checks.left")} titles={titles} />
      <SideOf line={line} side={line.right} name={t("checks.right")} titles={titles} />
    </div>
  );
}

function SideOf({ line, side, name, titles }: { line: CheckLine; side: Side; name: string; titles: Titles }) {
  const number = /^-?\d/.test(side.printed);
  // A side without a source of its own: the comparison leads to both places.
  const source = side.place?.iri ?? (side.operands.length === 1 ? side.operands[0]?.iri : undefined) ?? line.iri;
  const shown = readable(side.printed);
  return (
    <section class="check-side">
      <p class="facts">
        <span>{name}</span>
        {side.computed && <span class="tag calm">{t("checks.computed")}</span>}
      </p>
      <p class={number ? "check-figure" : "check-words"}>
        {side.printed ? shown : <span class="none">{t("checks.nothing")}</span>}{side.unit && <small> {unitName(side.unit)}</small>}
      </p>
      {side.place && <PlaceLine place={side.place} titles={titles} source={source} of={`${name} ${shown}`} />}
      {side.place?.quote && <blockquote><Quote side={side} quote={side.place.quote} /></blockquote>}
      <Operands side={side} titles={titles} />
    </section>
  );
}

function Quote({ side, quote }: { side: Side; quote: string }) {
  return <>{cutAtPrinted(quote, side).map((piece, index) => (index % 2 ? <mark>{piece}</mark> : piece))}</>;
}

function where(place: CheckPlace): string {
  if (place.page) return t("place.page", { n: place.page });
  return place.line ? t("place.line", { n: place.line }) : "";
}

/** Where a side is printed, with the way there. */
function PlaceLine({ place, titles, source, of }: { place: CheckPlace; titles: Titles; source: string; of: string }) {
  return (
    <p class="check-place">
      <a href={href("documents", [place.document])} title={place.document}>{titles.get(place.document) ?? place.document}</a>
      <span>{where(place)}</span>
      {place.recognised && <span class="tag">{t("source.recognised")}</span>}
      <SourceButton iri={source} of={of} />
    </p>
  );
}

/** What a side is made of. One figure that is printed as the side itself says nothing more. */
function Operands({ side, titles }: { side: Side; titles: Titles }) {
  const [only, ...others] = side.operands;
  if (!only || (!others.length && only.printed === side.printed && !side.computed)) return null;
  if (!others.length && only.printed.length <= INLINE) return <p class="check-only"><OperandLine operand={only} titles={titles} side={side} /></p>;
  return (
    <details class="check-operands">
      <summary>{t(side.computed ? "checks.operands.computed" : "checks.operands", { n: side.operands.length })}</summary>
      <ol>
        {side.operands.map((operand) => <li key={operand.iri}><OperandLine operand={operand} titles={titles} side={side} /></li>)}
      </ol>
    </details>
  );
}

function OperandLine({ operand, titles, side }: { operand: Operand; titles: Titles; side: Side }) {
  const place = operand.place;
  // The document is named again only where it is another than the side's.
  const elsewhere = place && place.document !== side.place?.document;
  return (
    <>
      <span class={isNumber(operand.printed) ? "check-number" : undefined}>{readable(operand.printed)}</span>{operand.unit && <small> {unitName(operand.unit)}</small>}
      <span class="check-of"> {operand.name}</span>
      {place && <span class="check-of"> {elsewhere ? placeText({ ...place, document: titles.get(place.document) ?? place.document }) : where(place)}</span>}
      <SourceButton iri={operand.iri} of={operand.name || operand.printed} />
    </>
  );
}

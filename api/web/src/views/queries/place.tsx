/** Where a row of a named query was read: its page, its words, and the way to the picture. */
import { SourceButton } from "../../components/Source";
import { t } from "../../texts";

export interface PrintedPlace {
  document: string;
  page: string | null;
  line: string | null;
  quote: string;
  /** The IRI of the place. */
  iri: string | null;
  /** Whether another cell of the row says the same words. */
  said: boolean;
}

export function Place({ place }: { place: PrintedPlace }) {
  const where = place.page ? t("place.page", { n: place.page }) : place.line ? t("place.line", { n: place.line }) : t("source.open");
  return (
    <>
      <SourceButton iri={place.iri} of={`${place.document} ${place.quote}`} label={where} />
      {!place.iri && <span class="note">{where}</span>}
      {!place.said && <>{" "}<q class="quoted" title={place.quote}>{place.quote}</q></>}
    </>
  );
}

/** From a fact to the place where it is printed: a button anywhere, and a panel beside the view. */
import { useEffect, useRef, useState } from "preact/hooks";
import { address, apiKey, ask, download, request, useAnswer, Refusal } from "../api";
import { href, thingHref } from "../router";
import { language, t } from "../texts";
import type { Source } from "../types";
import { Shown } from "./State";

/** One place, as `/source` tells it. */
export interface Place {
  iri: string;
  role: string;
  fact: string;
  document: {
    name: string; iri: string; url: string; file: string | null; issuer: string; kind: string; fiscal_year: number;
    format: string; file_name: string; sha256: string; pages: number | null;
  };
  page: number | null;
  line: number | null;
  quote: string;
  recognised: boolean;
  image: string | null;
  page_image: string | null;
  no_image: string | null;
}

/** What `/source` tells of a thing. */
export interface Told {
  iri: string;
  url: string;
  label: string | null;
  kind: string | null;
  says: string | null;
  places: Place[];
  places_total: number;
  facts: { predicate: string; value: string; label: string | null }[];
  mentions: number;
  mentioned_by: { predicate: string; value: string; label: string | null }[];
}

const OPEN = "fiscalgraph:source";

/** Show where the thing of an IRI is printed, in the panel beside the view. */
export function openSource(iri: string): void {
  dispatchEvent(new CustomEvent(OPEN, { detail: iri }));
}

/** The button from a figure or sentence to its source. `of` names it for those who cannot see where it stands. */
export function SourceButton({ iri, of, label }: { iri: string | null | undefined; of?: string; label?: string }) {
  if (!iri) return null;
  return (
    <button type="button" class="source" aria-label={of ? (label ? `${label} ${of}` : t("source.of", { what: of })) : undefined}
      title={t("source.title")} onClick={() => openSource(iri)}>{label ?? t("source.open")}</button>
  );
}

/** “name, page 3”: where a fact is printed, in one line. */
export function placeText(source: Pick<Source, "document" | "page" | "line">): string {
  const parts = [source.document];
  if (source.page) parts.push(t("place.page", { n: source.page }));
  else if (source.line) parts.push(t("place.line", { n: source.line }));
  return parts.join(language() === "zh" ? "，" : ", ");
}

/** The picture of a place; it opens the whole page. Loaded only when it comes into sight. */
export function Picture({ place }: { place: Place }) {
  const [picture, setPicture] = useState<string | null>(null);
  const [why, setWhy] = useState<string | null>(place.image ? null : place.no_image);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const path = place.image;
    if (!path || !box.current) return undefined;
    let made: string | null = null;
    const abort = new AbortController();
    const load = () => request(path, { headers: { Accept: "image/png" }, signal: abort.signal })
      .then((answer) => answer.blob())
      .then((blob) => setPicture((made = URL.createObjectURL(blob))))
      .catch((error) => error instanceof Refusal && setWhy([error.what, error.why].filter(Boolean).join("：")));
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      void load();
    }, { rootMargin: "300px" });
    seen.observe(box.current);
    return () => {
      seen.disconnect();
      abort.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [place.image]);
  if (why !== null) return <p class="note">{t("source.picture.none", { why })}</p>;
  const words = t("source.picture.alt", { document: place.document.name, page: place.page ?? "", quote: place.quote });
  return (
    <div class="picture" ref={box} data-state={picture ? "ready" : "waiting"}>
      {picture && <button type="button" class="plain" title={t("source.picture.whole")} onClick={() => void openWhole(place.image ?? "")}><img src={picture} alt={words} /></button>}
      {!picture && <p class="note">{t("state.loading")}</p>}
    </div>
  );
}

/** The whole page with the place marked, in a tab of its own. */
async function openWhole(path: string): Promise<void> {
  const tab = open("about:blank", "_blank");
  const answer = await request(address(path, { whole: 1 }), { headers: { Accept: "image/png" } });
  const made = URL.createObjectURL(await answer.blob());
  if (tab) tab.location.href = made;
}

/** One place with its picture, its words, and the ways to the document and its file. */
export function PlaceCard({ place }: { place: Place }) {
  const { document: of } = place;
  return (
    <article class="card place">
      <p class="facts"><b>{of.issuer}</b><span>{of.fiscal_year} {of.kind}</span><span>{placeText({ ...place, document: of.name })}</span>
        {place.recognised && <span class="tag">{t("source.recognised")}</span>}</p>
      <Picture place={place} />
      <blockquote>{place.quote}</blockquote>
      <p class="links">
        <a href={href("documents", [of.name])}>{t("source.document")}</a>
        {of.file !== null && <FileLink address={of.file} of={of} />}
      </p>
    </article>
  );
}

function FileLink({ address: file, of }: { address: string; of: Place["document"] }) {
  return (
    <a href={file} download={of.file_name} title={`SHA-256 ${of.sha256}`} onClick={(event) => {
      if (!apiKey.get()) return; // the browser's own download cannot carry the key
      event.preventDefault();
      void download(file, of.file_name);
    }}>{t("source.file")}</a>
  );
}

/** The panel. It stands once in the page, is closed with Escape, and gives the focus back. */
export function SourcePanel() {
  const [iri, setIri] = useState<string | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opened = (event: Event) => setIri((event as CustomEvent<string>).detail);
    const left = () => dialog.current?.close();
    addEventListener(OPEN, opened);
    addEventListener("hashchange", left);
    return () => {
      removeEventListener(OPEN, opened);
      removeEventListener("hashchange", left);
    };
  }, []);
  useEffect(() => {
    if (iri && dialog.current && !dialog.current.open) dialog.current.showModal();
  }, [iri]);
  const told = useAnswer<Told>(iri ? "/source" : null, { iri, language: language() });
  return (
    <dialog ref={dialog} class="panel" aria-labelledby="source-title" onClose={() => setIri(null)}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}>
      <header>
        <h2 id="source-title">{told.value?.label ?? t("source.title")}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>{t("source.close")}</button>
      </header>
      <Shown answer={told}>
        {(found) => (
          <>
            {found.says && <p class="lead">{found.says}</p>}
            {found.places.length < found.places_total && <p class="note">{t("source.places.some", { n: found.places.length })}</p>}
            {found.places.map((place) => <PlaceCard key={place.iri} place={place} />)}
            <p class="links"><a href={thingHref(found.iri)}>{t("source.full")}</a></p>
          </>
        )}
      </Shown>
    </dialog>
  );
}

/** What `/source` tells of an IRI, once. */
export function tell(iri: string): Promise<Told> {
  return ask<Told>("/source", { iri, language: language() });
}

"use strict";
// One thing of the graph: what it says, and where that was read, with the picture of the place.

const THINGS = "https://w3id.org/fiscalgraph/id/";

const thingAddress = (iri) => `#thing=${encodeURIComponent(iri)}`;

const isThing = (value) => typeof value === "string" && value.startsWith(THINGS);

// A name that leads to its thing, or the plain value.
function thingLink(value, label) {
  return isThing(value) ? make("a", { class: "link", href: thingAddress(value) }, label || value.slice(THINGS.length)) : label || value;
}

function sourceLink(iri) {
  return isThing(iri) ? make("a", { class: "link", href: thingAddress(iri) }, t("thing.open")) : null;
}

// The row of the source as it is printed; it opens the whole page. Only loaded when it comes into sight.
function pictureOf(shown) {
  if (!shown.image) return make("p", { class: "note" }, t("thing.image.none", { why: shown.no_image }));
  const whole = `${shown.image}${shown.image.includes("?") ? "&" : "?"}whole=1`;
  const words = t("thing.image.alt", { document: shown.document.name, page: shown.page, quote: shown.quote });
  const picture = make("img", { src: shown.image, alt: words, loading: "lazy", decoding: "async" });
  const link = make("a", { class: "picture", href: whole, target: "_blank", rel: "noopener", title: t("thing.image.whole") }, picture);
  picture.addEventListener("error", async () => {
    const problem = await ask(shown.image).catch((error) => error);
    link.replaceWith(make("p", { class: "note" }, t("thing.image.none", { why: [problem.what, problem.why].filter(Boolean).join(": ") })));
  });
  return link;
}

function placeCard(shown) {
  const document = shown.document;
  const where = place({ document: document.name, page: shown.page, line: shown.line });
  const fact = (key, value) => (value ? make("span", {}, `${t(key)} `, make("b", {}, String(value))) : null);
  return make("article", { class: "hit" },
    make("p", { class: "facts" },
      make("span", { class: "tag" }, t(`thing.role.${shown.role}`)),
      fact("documents.issuer", document.issuer), fact("documents.kind", document.kind), fact("field.year", document.fiscal_year),
      shown.recognised ? make("span", {}, t("thing.recognised")) : null),
    pictureOf(shown),
    make("div", { class: "row" },
      make("blockquote", {}, `“${shown.quote}” — ${where}`),
      make("span", { class: "links" },
        make("a", { class: "link", href: `#documents/${encodeURIComponent(document.name)}` }, t("thing.document")),
        make("a", { class: "link", href: document.file, download: document.file_name, title: `SHA-256 ${document.sha256}` }, t("thing.file")))));
}

function factTable(facts) {
  const rows = facts.map((fact) => make("tr", {}, make("td", { class: "short" }, fact.predicate), make("td", { class: "long" }, thingLink(fact.value, fact.label))));
  return make("div", { class: "scroll" }, make("table", {}, make("tbody", {}, ...rows)));
}

function showThing(iri) {
  return fill($("thing-detail"), async () => {
    const found = await ask("/source", { iri, language });
    const total = found.places_total;
    const parts = [
      make("h1", {}, found.label || found.kind || t("thing.title")),
      make("p", { class: "lead" }, found.says || ""),
      make("h2", {}, t("thing.places", { n: total }))];
    if (found.places.length < total) parts.push(make("p", { class: "note" }, t("thing.places.some", { n: found.places.length })));
    parts.push(...found.places.map(placeCard));
    parts.push(make("h2", {}, t("thing.facts")), factTable(found.facts));
    if (found.mentions) parts.push(make("h2", {}, t("thing.mentions", { n: found.mentions })), factTable(found.mentioned_by));
    parts.push(make("p", { class: "note" }, found.iri));
    return parts;
  });
}

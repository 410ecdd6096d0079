"use strict";
// The page: its views over the HTTP interface. Data reaches the document as text only, never as markup.

const $ = (id) => document.getElementById(id);
const STEP = 100; // rows of a table shown at a time
let language = "zh";
let documents = [];
let queries = [];
let filters = { kinds: [], departments: [], years: [] };
let views = 0; // answers that arrive after the user moved on are dropped

function t(key, values = {}) {
  const text = TEXTS[key] ? TEXTS[key][language === "zh" ? 0 : 1] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

async function ask(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const address = given.length ? `${path}?${new URLSearchParams(given)}` : path;
  let answer;
  try {
    answer = await fetch(address, { headers: { Accept: "application/json", "Accept-Language": language } });
  } catch {
    throw { what: t("offline"), why: "", cure: t("offline.cure") };
  }
  const body = await answer.json();
  if (!answer.ok) throw body.error;
  return body;
}

// All items of a list that is given out page by page.
async function askAll(path) {
  const items = [];
  for (let next = path; next; ) {
    const page = await ask(next);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

function problem(error) {
  const detail = [error.what, error.why].filter(Boolean).join(": ");
  return make("p", { class: "problem", role: "alert" }, make("b", {}, t("problem")), `${detail} ${error.cure || ""}`);
}

// Fill `target` with what `work` makes of the answer; show waiting and failure.
async function fill(target, work) {
  const mine = ++views;
  target.dataset.state = "waiting";
  target.replaceChildren(make("p", { class: "note" }, t("loading")));
  let children;
  try {
    children = await work();
  } catch (error) {
    if (!error.what) throw error;
    children = [problem(error)];
  }
  if (mine !== views) return;
  target.replaceChildren(...children);
  target.dataset.state = "ready";
}

function place(fact) {
  const parts = [];
  if (fact.page) parts.push(t("field.page", { n: fact.page }));
  else if (fact.line) parts.push(t("field.line", { n: fact.line }));
  return [fact.document, ...parts].join(language === "zh" ? "，" : ", ");
}

function select(target, options, chosen) {
  target.replaceChildren(...options.map(([value, label]) => make("option", { value }, label)));
  target.value = options.some(([value]) => value === chosen) ? chosen : options[0]?.[0] ?? "";
}

/* ---- similar reasons ---- */

function hitCard(hit) {
  const passage = hit.passage;
  const fact = (key, value) => (value ? make("span", {}, `${t(key)} `, make("b", {}, String(value))) : null);
  const same = hit.places.length > 1 ? make("span", { title: hit.places.map(place).join("\n") }, t("search.places", { n: hit.places.length })) : null;
  const unlike = hit.similar === false ? `（${t("search.unlike")}）` : "";
  const likeness = hit.probability === null ? null : fact("search.probability", `${Math.round(100 * hit.probability)}%${unlike}`);
  return make("article", { class: "hit" },
    make("p", {}, passage.text),
    make("p", { class: "facts" },
      make("span", { class: "tag" }, t(`kind.${passage.kind}`)),
      fact("field.department", passage.department), fact("field.project", passage.project),
      fact("field.year", passage.fiscal_year), likeness, same),
    make("div", { class: "row" },
      make("blockquote", {}, `“${passage.quote}” — ${place(passage)}`),
      make("span", { class: "links" }, sourceLink(passage.iri),
        make("button", { type: "button", class: "link", onclick: () => showSimilar(passage) }, t("search.similar")))));
}

function hitList(hits) {
  if (!hits.length) return [make("p", { class: "problem" }, t("search.none"))];
  const below = hits[0].similar === false ? make("p", { class: "problem" }, t("search.below")) : null;
  return [make("p", { class: "count" }, t("search.count", { n: hits.length })), ...(below ? [below] : []), ...hits.map(hitCard)];
}

function searchParameters() {
  return Object.fromEntries([...new FormData($("search-form"))].map(([name, value]) => [name, value.trim()]));
}

function search() {
  const parameters = searchParameters();
  if (!parameters.q) return $("search-results").replaceChildren();
  return fill($("search-results"), async () => hitList((await ask("/passages/search", parameters)).items));
}

function showSimilar(passage) {
  window.scrollTo({ top: 0 });
  return fill($("search-results"), async () => {
    const { items: hits } = await ask("/passages/similar", { iri: passage.iri, k: $("search-k").value });
    return [make("h2", {}, t("search.similar.title")), make("blockquote", {}, `“${passage.text}” — ${place(passage)}`), ...hitList(hits)];
  });
}

/* ---- tables ---- */

const FIGURE = /^-?[\d,]+(\.\d+)?%?$/;

// How wide a text is on the screen, in half characters.
const breadth = (text) => [...text].reduce((sum, character) => sum + (character > "\u2e7f" ? 2 : 1), 0);

function cellOf(value, column) {
  if (value === null || value === "") return make("td", {}, "");
  if (isThing(value)) return make("td", { class: "short" }, thingLink(value));
  const figure = !["code", "document", "sha256"].includes(column) && FIGURE.test(value);
  const shown = TEXTS[`kind.${value}`] ? t(`kind.${value}`) : value;
  return make("td", { class: figure ? "figure" : breadth(shown) > 36 ? "long" : "short" }, inYuan(column) ? grouped(shown) : shown);
}

// Amounts in yuan are ours, exact, and are given separators; what a document prints stays as printed.
const inYuan = (column) => Boolean(TEXTS[`column.${column}`]?.[1].includes("元"));
const grouped = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",") : text);

const columnName = (column) => (TEXTS[`column.${column}`] ? t(`column.${column}`) : column);

// Columns page, line and quote become one cell that says where the row was read.
function resultTable(columns, rows) {
  const hidden = columns.includes("quote") ? ["page", "line", "quote"] : [];
  const shown = columns.filter((column) => !hidden.includes(column));
  const head = [...shown.map(columnName), ...(hidden.length ? [t("source")] : [])];
  const body = make("tbody");
  const more = make("button", { type: "button", class: "quiet" });
  let next = 0;
  const extend = () => {
    for (const row of rows.slice(next, next + STEP)) {
      const value = Object.fromEntries(columns.map((column, index) => [column, row[index]]));
      const cells = shown.map((column) => cellOf(value[column], column));
      if (hidden.length) {
        const where = value.page ? t("field.page", { n: value.page }) : value.line ? t("field.line", { n: value.line }) : "";
        cells.push(make("td", { class: "long" }, make("span", { class: "note" }, `${where} “${value.quote ?? ""}”`)));
      }
      body.append(make("tr", {}, ...cells));
    }
    next += STEP;
    more.hidden = next >= rows.length;
    more.textContent = t("queries.more", { n: Math.min(STEP, rows.length - next) });
  };
  more.addEventListener("click", extend);
  extend();
  const header = make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name))));
  return [make("div", { class: "scroll" }, make("table", {}, header, body)), more];
}

/* ---- named queries ---- */

const chosenQuery = () => queries.find((query) => query.name === $("query-name").value);
const told = (texts) => texts[language];

function showParameters(values = {}) {
  const query = chosenQuery();
  if (!query) return;
  $("query-about").textContent = told(query.description);
  $("query-parameters").replaceChildren(...query.parameters.map((parameter) =>
    make("label", {}, make("span", {}, told(parameter.title)),
      make("input", { name: parameter.name, value: values[parameter.name] ?? "", placeholder: (parameter.default ?? "").replace(/^"|"$/g, "") }))));
}

function runQuery() {
  const query = chosenQuery();
  if (!query) return undefined;
  const parameters = Object.fromEntries([...new FormData($("query-form"))].filter(([, value]) => value.trim()));
  const path = `/queries/${encodeURIComponent(query.name)}`;
  return fill($("query-results"), async () => {
    const { columns, rows } = await ask(path, parameters);
    const download = `${path}?${new URLSearchParams({ ...parameters, format: "csv" })}`;
    return [
      make("p", { class: "count" }, t("queries.count", { n: rows.length }),
        make("a", { href: download, download: `${query.name}.csv` }, t("queries.csv"))),
      ...resultTable(columns, rows)];
  });
}

/* ---- documents ---- */

function share(done, all) {
  if (!all) return make("td", { class: "figure" }, "–");
  const percent = Math.floor((1000 * done) / all) / 10; // never rounded up to 100
  return make("td", { class: "figure" }, make("meter", { min: 0, max: all, value: done }), ` ${percent} %`);
}

function documentList() {
  return [documents.length ? documentTable(documents) : make("p", { class: "problem" }, t("documents.none"))];
}

function documentTable(entries) {
  const head = ["field.document", "documents.issuer", "documents.kind", "field.year", "documents.pages", "documents.tables",
    "documents.cells", "documents.contradictions"];
  const rows = entries.map((entry) => make("tr", { class: "choice", onclick: () => { location.hash = `documents/${encodeURIComponent(entry.document)}`; } },
    make("td", { class: "short" }, make("a", { class: "link", href: `#documents/${encodeURIComponent(entry.document)}` }, entry.document)),
    make("td", { class: "short" }, entry.issuer), make("td", {}, entry.kind), make("td", {}, String(entry.fiscal_year)),
    make("td", { class: "figure" }, entry.pages === null ? "–" : String(entry.pages)),
    share(entry.coverage.tables_read, entry.coverage.tables), share(entry.coverage.cells_read, entry.coverage.cells),
    make("td", { class: "figure" }, String(entry.contradictions))));
  return make("div", { class: "scroll" }, make("table", {},
    make("thead", {}, make("tr", {}, ...head.map((key) => make("th", { scope: "col" }, t(key))))), make("tbody", {}, ...rows)));
}

// A table of our own columns: their names are translated.
function labelled(prefix, columns, items) {
  const shown = resultTable(columns, items.map((item) => columns.map((column) => item[column])));
  shown[0].querySelectorAll("th").forEach((cell, index) => {
    if (TEXTS[`${prefix}.${columns[index]}`]) cell.textContent = t(`${prefix}.${columns[index]}`);
  });
  return shown;
}

function showDocument(name) {
  return fill($("document-detail"), async () => {
    const { document: entry, contradictions, leftovers } = await ask(`/documents/${encodeURIComponent(name)}`);
    const parts = [
      make("p", {}, make("a", { class: "link", href: "#documents" }, t("documents.back"))),
      documentTable([entry]),
      make("h2", {}, t("documents.contradictions.of", { name }))];
    const placed = (items) => items.map((item) => ({ ...item, ...item.source }));
    if (contradictions.length) parts.push(...labelled("contradiction", ["kind", "left", "right", "detail", "page", "line", "quote"], placed(contradictions)));
    else parts.push(make("p", { class: "note" }, t("documents.contradictions.none")));
    parts.push(make("h2", {}, t("documents.leftovers")));
    for (const sentence of entry.problems) parts.push(make("p", { class: "problem" }, sentence));
    if (leftovers.length) parts.push(...labelled("leftover", ["what", "why", "page", "line", "quote"], placed(leftovers)));
    else if (!entry.problems.length) parts.push(make("p", { class: "note" }, t("documents.leftovers.none")));
    return parts;
  });
}

/* ---- the whole ---- */

function label() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  $("language").textContent = t("language");
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
  const kept = (id) => $(id).value;
  const options = (values, name = String) => [["", t("any")], ...values.map((value) => [String(value), name(value)])];
  select($("search-kind"), options(filters.kinds, (kind) => t(`kind.${kind}`)), kept("search-kind"));
  select($("search-department"), options(filters.departments), kept("search-department"));
  select($("search-year"), options(filters.years), kept("search-year"));
  select($("query-name"), queries.map((query) => [query.name, told(query.title)]), kept("query-name"));
  $("search-examples").replaceChildren(t("search.examples"), ...EXAMPLES.map((example) =>
    make("button", { type: "button", class: "chip", onclick: () => { $("search-text").value = example; remember(); } }, example)));
}

// The address keeps the question, so that an answer can be bookmarked and sent on.
function remember() {
  const given = Object.entries(searchParameters()).filter(([name, value]) => value && !(name === "k" && value === "10"));
  const address = `#search?${new URLSearchParams(given)}`;
  if (location.hash === address) show();
  else location.hash = address;
}

function show() {
  const [path, question = ""] = location.hash.slice(1).split("?");
  const [view, name] = path.split("/");
  const thing = path.startsWith("thing=") ? decodeURIComponent(path.slice(6)) : null;
  const chosen = thing ? "thing" : ["search", "queries", "documents"].includes(view) ? view : "search";
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== `view-${chosen}`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.view === chosen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const parameters = new URLSearchParams(question);
  if (thing) {
    showThing(thing);
    window.scrollTo({ top: 0 });
  } else if (chosen === "search") {
    for (const field of ["q", "kind", "department", "year"]) $("search-form").elements[field].value = parameters.get(field) ?? "";
    $("search-k").value = parameters.get("k") ?? "10";
    search();
  } else if (chosen === "queries") {
    if (name && queries.some((query) => query.name === name)) $("query-name").value = name;
    showParameters(Object.fromEntries(parameters));
    runQuery();
  } else {
    $("document-list").replaceChildren(...(name ? [] : documentList()));
    if (name) showDocument(decodeURIComponent(name));
    else $("document-detail").replaceChildren();
    window.scrollTo({ top: 0 });
  }
}

async function start() {
  language = localStorage.getItem("language") ?? "zh";
  label();
  $("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    localStorage.setItem("language", language);
    label();
    show();
  });
  $("search-form").addEventListener("submit", (event) => { event.preventDefault(); remember(); });
  for (const id of ["search-kind", "search-department", "search-year", "search-k"]) {
    $(id).addEventListener("change", () => { if ($("search-text").value.trim()) remember(); });
  }
  $("query-name").addEventListener("change", () => { location.hash = `queries/${$("query-name").value}`; });
  $("query-form").addEventListener("submit", (event) => { event.preventDefault(); runQuery(); });
  window.addEventListener("hashchange", show);
  try {
    documents = await askAll("/documents");
    queries = await askAll("/queries");
    filters = await ask("/passages/filters");
  } catch (error) {
    if (!error.what) throw error;
    document.querySelector("main").prepend(problem(error));
  }
  label();
  show();
}

start();

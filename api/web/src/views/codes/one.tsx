/** One code: its names, its place in the list, and who spends on it over the years. */
import { useAnswer } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Select, Filters } from "../../components/Filters";
import { listed } from "../../components/listed";
import { Shown } from "../../components/State";
import { SourceButton } from "../../components/Source";
import { Table } from "../../components/Table";
import { href, viewHref, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import { Parts } from "./parts";
import { Spenders } from "./spenders";
import { span } from "./tree";
import { ByYear, OverYears } from "./years";
import {
  codeOf, dimensions, keyOf, labelOf, PHASES, SCOPES, TYPES, usualType, whereOf,
  type Code, type CodeInSums, type CodeRef, type SumRow, type SumTable,
} from "./shapes";

/** Which year, fund scope and phase the figures are of, and the conditions that say of what code and type. */
export interface Choice {
  year: string;
  scope: string;
  phase: string;
  where: string[];
}

/** What the address says, as far as there are such figures; else the newest year, the scope and phase that most state. */
function choose(route: Route, rows: SumRow[], where: string[]): Choice {
  const pick = (dimension: string, among: SumRow[], order: (values: string[]) => string[]): string => {
    const values = order([...new Set(among.map((row) => keyOf(row, dimension)))]);
    const named = route.params.get(dimension) ?? "";
    return values.includes(named) ? named : (values[0] ?? "");
  };
  const year = pick("year", rows, (values) => values.sort().reverse());
  const ofYear = rows.filter((row) => keyOf(row, "year") === year);
  const most = (scope: string) => Math.max(...ofYear.filter((row) => keyOf(row, "scope") === scope).map((row) => row.organizations));
  const scope = pick("scope", ofYear, (values) => values.sort((a, b) => most(b) - most(a) || SCOPES.indexOf(a) - SCOPES.indexOf(b)));
  const phase = pick("phase", ofYear.filter((row) => keyOf(row, "scope") === scope),
    (values) => PHASES.filter((each) => values.includes(each)).reverse());
  return { year, scope, phase, where };
}

export function OneCode({ route }: { route: Route }) {
  const named = codeOf(route.path);
  const head = useAnswer<Code>(`/classification/${route.path.map(encodeURIComponent).join("/")}`, { limit: 1, spending: false });
  const title = `${named?.code ?? route.path.at(-1) ?? ""} ${head.value?.name ?? ""}`.trim();
  useTitle(title);
  return (
    <>
      {head.value ? <Way code={head.value} /> : <p class="way-down note"><a href={href("codes")}>{t("nav.codes")}</a></p>}
      <h1>{title}{head.value && !head.value.name && ` ${t("codes.nameless")}`}</h1>
      <Shown answer={head}>{(code) => <Head code={code} />}</Shown>
      {/* The figures need not wait for the names. */}
      {named && !head.problem && (
        <Figures key={`${named.list} ${named.code}`} route={route}
          code={{ ...named, name: head.value?.name ?? "", narrower: head.value?.narrower ?? [] }} />
      )}
    </>
  );
}

/** The names of a code by year, for a file: its variables are the file's headings. */
function namesQuery(code: Code): string {
  return `PREFIX fg: <https://w3id.org/fiscalgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name (REPLACE(STR(?of), "^.*/", "") AS ?year) WHERE {
  <${code.iri}> fg:datedName [ rdfs:label ?name ; dcterms:temporal ?of ]
} ORDER BY ?year ?name`;
}

function Head({ code }: { code: Code }) {
  return (
    <>
      <p class="facts">
        <span>{t(`codes.list.${code.list}`)}</span>
        <span>{t(`codes.level.${code.list === "functional" ? code.code.length : `${code.code.length}.economic`}`)}</span>
        {code.years.length > 0 && <span>{t("codes.printed", { years: span(code.years) })}</span>}
        {code.attested_by !== null && <span>{t("codes.attested", { n: code.attested_by })}</span>}
        {code.other_names.length > 0 && <span>{t("codes.other_names")} {listed(code.other_names)}</span>}
        <SourceButton iri={code.iri} of={`${code.code} ${code.name ?? ""}`} />
      </p>
      {code.names.length > 0 && (
        <>
          <div class="heading">
            <h2>{t("codes.names")}</h2>
            <Downloads path="/sparql" params={{ query: namesQuery(code) }} name={`${code.code} ${t("codes.names")}`} />
          </div>
          <Table caption={t("codes.names")} rows={code.names} rowKey={(each) => each.name} columns={[
            { key: "name", head: t("field.name"), wrap: true, cell: (each) => each.name },
            { key: "years", head: t("field.year"), cell: (each) => span(each.years) },
          ]} />
        </>
      )}
    </>
  );
}

/** The way down to a code. */
function Way({ code }: { code: Code }) {
  const top = code.code.slice(0, 3);
  const { broader } = code;
  const list = href("codes", [], { list: code.list === "functional" ? null : code.list, open: broader ? `${top},${broader.code}` : null });
  return (
    <nav class="way-down note" aria-label={t("codes.way")}>
      <a href={list}>{t("nav.codes")}</a>
      {broader && broader.code !== top && <> › <a href={href("codes", [code.list, top])}>{top}</a></>}
      {broader && <> › <a href={viewHref(broader.url, broader.iri)}>{broader.code} {broader.name}</a></>}
      {" › "}{code.code}
    </nav>
  );
}

/** All figures of a code, from safe sums: years, scopes and phases are never added. */
function Figures({ route, code }: { route: Route; code: CodeInSums }) {
  const type = route.params.get("type") ?? usualType(code.list);
  const where = whereOf(code, type);
  const sums = useAnswer<SumTable>("/sum", { by: ["year", "phase", "scope"], where });
  return (
    <>
      <h2>{t("codes.spending")}</h2>
      <Shown answer={sums}>
        {(found) => {
          const choice = choose(route, found.rows, where);
          return (
            <>
              <Chooser route={route} rows={found.rows} choice={choice} type={type} />
              {code.list !== "functional" && <p class="note">{t("codes.type.note")}</p>}
              {found.rows.length ? (
                <>
                  <ByYear route={route} rows={found.rows} choice={choice} name={`${code.code} ${code.name}`} />
                  <Spenders code={code} choice={choice} />
                  {dimensions(code).parts && <Parts code={code} choice={choice} />}
                  <OverYears choice={choice} years={new Set(found.rows.map((row) => keyOf(row, "year"))).size} />
                </>
              ) : (
                <>
                  <p class="empty">{t("codes.spending.none")}</p>
                  {code.narrower.length > 0 && <Narrower parts={code.narrower} />}
                </>
              )}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Chooser({ route, rows, choice, type }: { route: Route; rows: SumRow[]; choice: Choice; type: string }) {
  const choices = (dimension: string, among: SumRow[]) => {
    const labels = new Map(among.map((row) => [keyOf(row, dimension), labelOf(row, dimension)]));
    return [...labels].map(([value, label]) => ({ value, label }));
  };
  const ofYear = rows.filter((row) => keyOf(row, "year") === choice.year);
  const ofScope = ofYear.filter((row) => keyOf(row, "scope") === choice.scope);
  const years = choices("year", rows).sort((a, b) => b.value.localeCompare(a.value));
  const scopes = choices("scope", ofYear).sort((a, b) => SCOPES.indexOf(a.value) - SCOPES.indexOf(b.value));
  return (
    <Filters route={route} clearable={["year", "scope", "phase", "type"]}>
      <Select route={route} name="year" label={t("field.year")} choices={years} all={null} preset={choice.year} />
      <Select route={route} name="scope" label={t("codes.scope")} choices={scopes} all={null} preset={choice.scope} />
      <Select route={route} name="phase" label={t("codes.phase")} choices={choices("phase", ofScope)} all={null} preset={choice.phase} />
      <Select route={route} name="type" label={t("codes.type")} all={null} preset={type || "all"}
        choices={["all", ...TYPES].map((value) => ({ value, label: t(`codes.type.${value}`) }))} />
    </Filters>
  );
}

/** The parts of a code without sums. */
export function Narrower({ parts }: { parts: CodeRef[] }) {
  return (
    <>
      <h2>{t("codes.narrower")}</h2>
      <ul class="tree">
        {parts.map((part) => <li key={part.code}><a href={viewHref(part.url, part.iri)}><code>{part.code}</code> {part.name}</a></li>)}
      </ul>
    </>
  );
}

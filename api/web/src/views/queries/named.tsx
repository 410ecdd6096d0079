/** One named query: its conditions, its answer as a table or drawing, and the ways on. */
import { useMemo, useState } from "preact/hooks";
import { ask, request, Refusal, useAnswer, useMade, address, type Page } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Field, Filters } from "../../components/Filters";
import { columnScale } from "../../components/Money";
import { Problem, Shown } from "../../components/State";
import type { Scale } from "../../money";
import { go, href, withParams, type Params, type Route } from "../../router";
import { language, t } from "../../texts";
import { useTitle } from "../../title";
import { ResultChart, sensible, type Chartable } from "./chart";
import { keepDraft } from "./draft";
import { columnName, described, kindOf, plainDefault, told, valueText, type Query, type Row } from "./model";
import { RowTable } from "./rows";

const ASKED = 1000; // rows of one request
const STEP = 200; // rows that are shown at a time
/** Parameters of the address that are the view's, not the query's. */
const OWN = new Set(["as", "scale", "chart.x", "chart.y", "chart.by"]);
const SCALES: readonly Scale[] = ["元", "万元", "亿元"];

/** An answer, page by page. */
interface Rows {
  columns: string[];
  rows: Row[];
  places: Record<string, (string | null)[]>;
  total: number | null;
  next: string | null;
}

function joined(before: Rows, page: Rows): Rows {
  const places = Object.fromEntries(Object.entries(page.places).map(([key, values]) => [key, [...(before.places[key] ?? []), ...values]]));
  return { ...page, rows: [...before.rows, ...page.rows], places };
}

export function Named({ query, route }: { query: Query; route: Route }) {
  useTitle(told(query.title));
  const given: Params = {};
  for (const name of new Set(route.params.keys())) if (!OWN.has(name)) given[name] = route.params.getAll(name);
  const first = address(query.url, { ...given, limit: ASKED });
  const answer = useMade<Rows>(`${language()} ${first}`, (signal) => ask<Rows>(first, {}, { signal }));
  return (
    <>
      <p><a href={href("queries")}>{t("queries.back")}</a></p>
      <h1>{told(query.title)}</h1>
      <p class="lead">{described(query)}</p>
      <Conditions query={query} route={route} />
      <Shown answer={answer}>{(value) => <Result query={query} route={route} first={value} given={given} />}</Shown>
      <AsSparql query={query} given={given} />
    </>
  );
}

function Conditions({ query, route }: { query: Query; route: Route }) {
  if (!query.parameters.length) return null;
  return (
    <Filters route={route} clearable={query.parameters.map((parameter) => parameter.name)}>
      {query.parameters.map((parameter) => (
        <Field key={parameter.name} route={route} name={parameter.name} label={told(parameter.title)} placeholder={plainDefault(parameter)}
          list={`known-${parameter.name}`} />
      ))}
      <button type="submit">{t("queries.run")}</button>
      {query.parameters.map((parameter) => <Known key={parameter.name} name={parameter.name} />)}
    </Filters>
  );
}

/** Names to choose from for the conditions that name a department or a document. */
function Known({ name }: { name: string }) {
  const list = /^(department|issuer|other)$/.test(name) ? "/departments" : /^document(_a)?$/.test(name) ? "/documents" : null;
  const found = useAnswer<Page<{ name?: string; document?: string }>>(list, { limit: 500 });
  const names = found.value?.items.flatMap((item) => item.name ?? item.document ?? []) ?? [];
  return <datalist id={`known-${name}`}>{names.map((each) => <option key={each} value={each} />)}</datalist>;
}

function Result({ query, route, first, given }: { query: Query; route: Route; first: Rows; given: Params }) {
  // The pages so far belong to the first one: while a new answer is awaited the old one stays in sight.
  const [held, setHeld] = useState({ first, all: first, shown: STEP });
  const { all, shown } = held.first === first ? held : { all: first, shown: STEP };
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const more = async () => {
    if (shown < all.rows.length || !all.next) {
      setHeld({ first, all, shown: shown + STEP });
      return;
    }
    setWaiting(true);
    setProblem(null);
    try {
      const page = await ask<Rows>(all.next);
      setHeld({ first, all: joined(all, page), shown: shown + STEP });
    } catch (error) {
      setProblem(error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", ""));
    } finally {
      setWaiting(false);
    }
  };
  const { columns, rows } = all;
  const kinds = useMemo(() => columns.map((column, at) => kindOf(column, columns, rows.map((row) => row[at] ?? null))), [all]);
  const amounts = rows.flatMap((row) => row.filter((_, at) => kinds[at] === "yuan"));
  const chosen = route.params.get("scale") as Scale | null;
  const scale = chosen && SCALES.includes(chosen) ? chosen : columnScale(amounts) === "元" ? "元" : "万元";
  const data = useMemo<Chartable>(() => {
    const kept = columns.flatMap((column, at) => (/(^|_)(page|line|quote|iri|passage|thing|places)$/.test(column) ? [] : [at]));
    return {
      columns: kept.map((at) => ({ key: columns[at] ?? "", kind: kinds[at] ?? "text", label: columnName(columns[at] ?? "", query.headings, t(`queries.scale.${scale}`)) })),
      rows: rows.map((row) => kept.map((at) => (row[at] == null ? null : valueText(columns[at] ?? "", row[at])))),
    };
  }, [all, kinds, scale]);
  const drawable = useMemo(() => sensible(data) !== null, [data]);
  const drawn = drawable && route.params.get("as") === "chart";
  return (
    <section class="answer" aria-label={t("queries.result")}>
      <div class="toolbar">
        <p class="count" role="status">{t(all.total !== null ? "queries.rows" : "queries.rows.more", { n: rows.length })}</p>
        {drawable && <As route={route} drawn={drawn} />}
        {amounts.length > 0 && (
          <label class="scale">{t("queries.scale")}{" "}
            <select value={scale} onChange={(event) => go(withParams(route, { scale: event.currentTarget.value }), true)}>
              {SCALES.map((each) => <option key={each} value={each}>{t(`queries.scale.${each}`)}</option>)}
            </select>
          </label>
        )}
        <Downloads path={query.url} params={{ ...given, language: language() }} name={told(query.title)} />
      </div>
      {drawn ? <ResultChart route={route} data={data} scale={scale} whole={all.next === null} />
        : <RowTable caption={told(query.title)} columns={columns} headings={query.headings} rows={rows.slice(0, shown)} places={all.places} kinds={kinds} scale={scale} />}
      {problem && <Problem problem={problem} again={() => void more()} />}
      {!drawn && (all.next || shown < rows.length) && (
        <p class="more">{all.total !== null ? t("queries.rows.shown", { shown, total: all.total }) : t("queries.rows.some", { shown: Math.min(shown, rows.length) })}
          <button type="button" class="quiet" disabled={waiting} onClick={() => void more()}>{waiting ? t("state.loading") : t("list.more")}</button></p>
      )}
    </section>
  );
}

/** Table or drawing. */
export function As({ route, drawn }: { route: Route; drawn: boolean }) {
  return (
    <span class="choice" role="group" aria-label={t("queries.as")}>
      {(["table", "chart"] as const).map((as) => (
        <button key={as} type="button" class="quiet" aria-pressed={drawn === (as === "chart")}
          onClick={() => go(withParams(route, { as: as === "chart" ? as : null }), true)}>{t(`queries.as.${as}`)}</button>
      ))}
    </span>
  );
}

function AsSparql({ query, given }: { query: Query; given: Params }) {
  const [problem, setProblem] = useState<Refusal | null>(null);
  const open = async () => {
    setProblem(null);
    try {
      const answer = await request(address(query.url, { ...given, format: "sparql" }), { headers: { Accept: "*/*" } });
      keepDraft(await answer.text());
      go(href("queries", ["sparql"]));
    } catch (error) {
      setProblem(error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", ""));
    }
  };
  return (
    <>
      <p><button type="button" class="quiet" onClick={() => void open()}>{t("queries.sparql")}</button></p>
      {problem && <Problem problem={problem} />}
    </>
  );
}

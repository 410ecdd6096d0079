/** The answer of a SPARQL query, as a table, a drawing or a text. */
import { useMemo, useState } from "preact/hooks";
import { Refusal } from "../../api";
import { SourceButton } from "../../components/Source";
import { Problem } from "../../components/State";
import { Table } from "../../components/Table";
import { isThing, thingHref, type Route } from "../../router";
import { t } from "../../texts";
import { FILES, saved, type RdfTerm, type SparqlAnswer } from "./answers";
import { ResultChart, sensible, type Chartable } from "./chart";
import { issueHref, type Kind } from "./model";
import { As } from "./named";
import { shortName } from "./rows";
import { shortened } from "./terms";

const STEP = 200;
const MOST_LINES = 2000;
const NUMBERS = /#(decimal|integer|int|long|double|float|nonNegativeInteger)$/;
const YEARS = /#gYear$/;

export function Answered({ route, query, answer, prefixes }: { route: Route; query: string; answer: SparqlAnswer; prefixes: Record<string, string> }) {
  return (
    <>
      {answer.truncated && <p class="problem" role="status">{t("queries.truncated", { limit: limitWords(answer.truncated) })}</p>}
      {answer.similar.length > 0 && (
        <ul class="similar-runs" aria-label={t("queries.similar")}>
          {answer.similar.map((run, at) => (
            <li key={at}>{t("queries.similar.run", { plan: planWords(run.plan), candidates: run.candidates, returned: run.returned })}{" "}
              <span class="tag calm">{t(run.exact ? "queries.similar.exact" : "queries.similar.inexact")}</span></li>
          ))}
        </ul>
      )}
      {answer.form === "verdict" && <div class="toolbar"><p class="ask-verdict">{t(`queries.ask.${answer.verdict}`)}</p><Saves query={query} form="verdict" /></div>}
      {answer.form === "graph" && <Graph query={query} turtle={answer.turtle} />}
      {answer.form === "table" && <Solutions route={route} query={query} variables={answer.variables} rows={answer.rows} prefixes={prefixes} />}
    </>
  );
}

function planWords(plan: string): string {
  return plan === "graph first" || plan === "vectors first" ? t(`queries.similar.plan.${plan}`) : plan;
}

function limitWords(header: string): string {
  const [, what, n = ""] = /^(rows|bytes)=(\d+)/.exec(header) ?? [];
  return what ? t(`queries.truncated.${what}`, { n }) : t("queries.truncated.some");
}

function Saves({ query, form }: { query: string; form: keyof typeof FILES }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const save = async (ending: string, type: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await saved(query, ending, type);
    } catch (error) {
      setProblem(error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", ""));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span class="downloads" role="group" aria-label={t("queries.save")}>
      {FILES[form].map(([name, ending, type]) => (
        <button key={ending} type="button" class="quiet" disabled={busy} onClick={() => void save(ending, type)}>{t("queries.save.as", { format: name })}</button>
      ))}
      {problem && <Problem problem={problem} />}
    </span>
  );
}

function Graph({ query, turtle }: { query: string; turtle: string }) {
  const lines = turtle.split("\n");
  if (!turtle.trim()) return <p class="empty">{t("queries.none.sparql")}</p>;
  return (
    <>
      <div class="toolbar"><Saves query={query} form="graph" /></div>
      {lines.length > MOST_LINES && <p class="note">{t("queries.graph.cut", { n: MOST_LINES })}</p>}
      <pre class="turtle" tabIndex={0}>{lines.slice(0, MOST_LINES).join("\n")}</pre>
    </>
  );
}

/** What a variable's values are, told by their datatypes. */
function kindOf(terms: (RdfTerm | null)[]): Kind {
  const some = terms.filter((term) => term !== null);
  const all = (pattern: RegExp): boolean => some.length > 0 && some.every((term) => pattern.test(term.datatype ?? ""));
  return all(NUMBERS) ? "number" : all(YEARS) ? "year" : "text";
}

function Solutions({ route, query, variables, rows, prefixes }:
  { route: Route; query: string; variables: string[]; rows: (RdfTerm | null)[][]; prefixes: Record<string, string> }) {
  const [shown, setShown] = useState(STEP);
  const kinds = useMemo(() => variables.map((_, at) => kindOf(rows.map((row) => row[at] ?? null))), [rows]);
  const data = useMemo<Chartable>(() => ({
    columns: variables.map((key, at) => ({ key, label: key, kind: kinds[at] ?? "text" })),
    rows: rows.slice(0, STEP).map((row) => row.map((term) => (term ? words(term, prefixes) : null))),
  }), [rows, kinds, prefixes]);
  const drawable = useMemo(() => sensible(data) !== null, [data]);
  const drawn = drawable && route.params.get("as") === "chart";
  if (!rows.length) return <p class="empty">{t("queries.none.sparql")}</p>;
  const numbered = rows.slice(0, shown).map((row, number) => ({ row, number }));
  return (
    <>
      <div class="toolbar">
        <p class="count" role="status">{t("queries.rows", { n: rows.length })}</p>
        {drawable && <As route={route} drawn={drawn} />}
        <Saves query={query} form="table" />
      </div>
      {drawn ? <ResultChart route={route} data={data} scale="元" whole={rows.length <= STEP} /> : (
        <Table caption={t("queries.result.table")} rows={numbered} rowKey={({ number }) => String(number)}
          columns={variables.map((name, at) => ({
            key: name, head: name, number: kinds[at] !== "text",
            wrap: kinds[at] === "text" && rows.slice(0, STEP).some((row) => (row[at]?.value.length ?? 0) > 16),
            cell: ({ row }: { row: (RdfTerm | null)[] }) => <Term term={row[at] ?? null} prefixes={prefixes} />,
          }))} />
      )}
      {!drawn && shown < rows.length && (
        <p class="more">{t("queries.rows.shown", { shown, total: rows.length })}
          <button type="button" class="quiet" onClick={() => setShown(shown + STEP)}>{t("list.more")}</button></p>
      )}
    </>
  );
}

function words(term: RdfTerm, prefixes: Record<string, string>): string {
  if (term.type !== "uri") return term.value;
  if (isThing(term.value)) return shortName(term.value);
  return shortened(term.value, prefixes) ?? term.value;
}

/** Thousands apart, digits as they are. */
function grouped(number: string): string {
  const [whole = "", fraction] = number.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${fraction === undefined ? "" : `.${fraction}`}`;
}

function Term({ term, prefixes }: { term: RdfTerm | null; prefixes: Record<string, string> }) {
  if (!term) return <span class="none">{t("money.none")}</span>;
  if (term.type === "uri" && isThing(term.value)) {
    const name = words(term, prefixes);
    return <><a href={issueHref(term.value) ?? thingHref(term.value)}>{name}</a> <SourceButton iri={term.value} of={name} /></>;
  }
  if (term.type === "uri") return <code title={term.value}>{words(term, prefixes)}</code>;
  if (term.type === "bnode") return <code>_:{term.value}</code>;
  if (/#decimal$/.test(term.datatype ?? "") && /^-?\d{5,}(\.\d+)?$/.test(term.value)) return <span title={term.value}>{grouped(term.value)}</span>;
  return <>{term.value}{term["xml:lang"] && <small class="note"> @{term["xml:lang"]}</small>}</>;
}

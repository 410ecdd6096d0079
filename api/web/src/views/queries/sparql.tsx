/** SPARQL of one's own. What was run stands in the address, so that an answer can be sent on and Back returns to it. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useMade, type Refusal } from "../../api";
import { Problem, Shown } from "../../components/State";
import { go, href, withParams, type Route } from "../../router";
import { t } from "../../texts";
import { useTitle } from "../../title";
import { answered, type SparqlAnswer } from "./answers";
import { draft, keepDraft } from "./draft";
import { Editor, type At, type EditorHandle } from "./editor";
import { EXAMPLES } from "./examples";
import { Answered } from "./solutions";
import { prefixes as knownPrefixes } from "./terms";

/** Where a refused query is wrong, if the server says so. */
function placeOf(problem: Refusal | null): At | null {
  const { line, column } = problem?.more ?? {};
  return typeof line === "number" && typeof column === "number" ? { line, column } : null;
}

export function Sparql({ route }: { route: Route }) {
  useTitle(t("queries.tab.sparql"));
  const asked = route.params.get("sparql");
  const [text, setText] = useState(() => asked ?? draft() ?? EXAMPLES[0]?.text ?? "");
  const [stopped, setStopped] = useState<string | null>(null);
  const editor = useRef<EditorHandle>(null);
  const runs = asked && asked !== stopped ? asked : null;
  const answer = useMade<SparqlAnswer>(runs, (signal) => answered(runs ?? "", signal));
  const place = useMemo(() => placeOf(answer.problem), [answer.problem]);
  const prefixes = useMade("prefixes", knownPrefixes).value ?? {};
  useEffect(() => {
    // Back, or a link: the editor shows what the address asks.
    if (asked !== null && asked !== editor.current?.text()) editor.current?.replace(asked);
  }, [asked]);
  const result = useRef<HTMLElement>(null);
  const ran = useRef(false);
  useEffect(() => {
    // What was asked for is brought into sight; an answer that the address had from the start is not.
    if (ran.current && !answer.waiting) {
      ran.current = false;
      result.current?.scrollIntoView({ block: "nearest" });
    }
  }, [answer.waiting]);
  const changed = (next: string) => {
    setText(next);
    keepDraft(next);
  };
  const run = () => {
    const query = editor.current?.text() ?? text;
    setStopped(null);
    ran.current = true;
    if (query === asked && stopped === null) answer.again();
    else go(withParams(route, { sparql: query, "chart.x": null, "chart.y": null, "chart.by": null }));
  };
  return (
    <>
      <div class="query-examples">
        <span id="examples">{t("queries.editor.examples")}</span>
        <ul aria-labelledby="examples">
          {EXAMPLES.map((example) => (
            <li key={example.name}><button type="button" class="link" onClick={() => editor.current?.replace(example.text)}>{t(`queries.example.${example.name}`)}</button></li>
          ))}
        </ul>
      </div>
      <Editor start={text} wrong={text === asked ? place : null} onChange={changed} onRun={run} handle={editor} />
      <div class="toolbar">
        <button type="button" onClick={run}>{t("queries.editor.run")}</button>
        {runs !== null && answer.waiting && <button type="button" class="quiet" onClick={() => setStopped(runs)}>{t("queries.editor.stop")}</button>}
        <button type="button" class="quiet" onClick={() => editor.current?.format()}>{t("queries.editor.format")}</button>
        <CopyLink text={text} />
      </div>
      <p class="note">{t("queries.editor.keys")} {t("queries.editor.limits")}</p>
      {asked !== null && (
        <section aria-labelledby="answer" ref={result}>
          <h2 id="answer">{t("queries.result")}</h2>
          {stopped !== null && <p class="note" role="status">{t("queries.editor.stopped")}</p>}
          {text !== asked && <p class="note">{t("queries.editor.changed")}</p>}
          {answer.problem && place ? (
            <>
              <Problem problem={answer.problem} />
              <p>{t("queries.error.place", { line: place.line, column: place.column })}{" "}
                {text === asked && <button type="button" class="quiet" onClick={() => editor.current?.lead(place)}>{t("queries.error.go")}</button>}</p>
            </>
          ) : <Shown answer={answer}>{(value) => <Answered key={runs ?? ""} route={route} query={runs ?? ""} answer={value} prefixes={prefixes} />}</Shown>}
        </section>
      )}
    </>
  );
}


function CopyLink({ text }: { text: string }) {
  const [told, setTold] = useState<"done" | "failed" | null>(null);
  useEffect(() => setTold(null), [text]);
  const copy = () => {
    const link = new URL(href("queries", [], { sparql: text }), location.href).href;
    navigator.clipboard.writeText(link).then(() => setTold("done"), () => setTold("failed"));
  };
  return (
    <>
      <button type="button" class="quiet" onClick={copy}>{t("queries.editor.link")}</button>
      <span role="status" class="note">{told && t(`queries.editor.link.${told}`)}</span>
    </>
  );
}

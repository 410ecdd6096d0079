/** The editor as a component: its text, where it is wrong, and Ctrl+Enter. */
import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { Refusal } from "../../api";
import { Loading, Problem } from "../../components/State";
import { t } from "../../texts";
import { vocabulary } from "./terms";
import type { Editor as Made } from "./yasqe";

/** A place in the text, counted from 1. */
export interface At {
  line: number;
  column: number;
}

export interface EditorHandle {
  text: () => string;
  replace: (text: string) => void;
  format: () => void;
  /** Put the cursor there. */
  lead: (at: At) => void;
}

interface EditorProps {
  start: string;
  wrong: At | null;
  onChange: (text: string) => void;
  onRun: () => void;
  handle: Ref<EditorHandle>;
}

export function Editor({ start, wrong, onChange, onRun, handle }: EditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const made = useRef<Made | null>(null);
  const [ready, setReady] = useState(false);
  const [failed, setFailed] = useState(false);
  const [termless, setTermless] = useState<string | null>(null);
  const told = useRef({ onChange, onRun });
  told.current = { onChange, onRun };
  useEffect(() => {
    let gone = false;
    import("./yasqe").then(({ makeEditor, setVocabulary, declarePrefixes }) => {
      if (gone || !box.current) return;
      const editor = makeEditor(box.current, start, t("queries.editor"), () => told.current.onRun());
      made.current = editor;
      editor.on("change", () => told.current.onChange(editor.getValue()));
      setReady(true);
      vocabulary().then(
        (known) => {
          setVocabulary(known);
          if (!gone) editor.on("change", () => declarePrefixes(editor));
        },
        (error) => setTermless(error instanceof Refusal ? [error.what, error.why].filter(Boolean).join("：") : String(error)),
      );
    }, () => setFailed(true));
    return () => {
      gone = true;
      made.current?.destroy();
      made.current = null;
    };
  }, []);
  useImperativeHandle(handle, () => ({
    text: () => made.current?.getValue() ?? start,
    replace: (text: string) => made.current?.setValue(text),
    format: () => made.current?.autoformat(),
    lead: ({ line, column }: At) => {
      const at = { line: line - 1, ch: column - 1 };
      made.current?.focus();
      made.current?.setCursor(at);
      made.current?.scrollIntoView(at, 80);
    },
  }), []);
  useEffect(() => {
    const editor = made.current;
    if (!editor || !wrong || wrong.line > editor.lineCount()) return undefined;
    const line = wrong.line - 1;
    const text = editor.getLine(line);
    const from = Math.min(wrong.column - 1, Math.max(0, text.length - 1));
    const word = /^(\p{L}|\p{N}|[_:-])+/u.exec(text.slice(from))?.[0].length ?? 1;
    const mark = editor.markText({ line, ch: from }, { line, ch: from + word }, { className: "wrong-token" });
    editor.addLineClass(line, "background", "wrong-line");
    return () => {
      mark.clear();
      editor.removeLineClass(line, "background", "wrong-line");
    };
  }, [wrong, ready]);
  return (
    <>
      {!ready && !failed && <Loading />}
      {failed && <Problem problem={new Refusal(0, "unreachable", "", "", "")} again={() => location.reload()} />}
      <div ref={box} class="editor" data-state={ready ? "ready" : "waiting"} />
      {termless !== null && <p class="note">{t("queries.editor.terms", { why: termless })}</p>}
    </>
  );
}

/**
 * The editor component, held to this page: it asks nobody, keeps nothing, and completes our terms. Loaded with the first editor.
 *
 * Syntax is judged by the server. YASQE's own check would write inline styles, which the Content-Security-Policy refuses,
 * and does not know all that the engine takes.
 */
import { Yasqe } from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import type { Term, Vocabulary } from "./terms";

interface Position {
  line: number;
  ch: number;
}

interface Token {
  string: string;
  start: number;
  end: number;
  type: string | null;
  state: { possibleCurrent: string[]; lastProperty: string };
}

interface Mark {
  clear(): void;
}

interface Hint {
  text: string;
  render?: (place: HTMLElement) => void;
}

/** What of YASQE (and CodeMirror, which it extends) the page uses. */
export interface Editor {
  getValue(): string;
  setValue(text: string): void;
  on(event: "change", heard: () => void): void;
  on(event: "inputRead", heard: (editor: unknown, change: { text: string[] }) => void): void;
  getCursor(): Position;
  setCursor(at: Position): void;
  focus(): void;
  refresh(): void;
  autoformat(): void;
  autocomplete(): void;
  destroy(): void;
  addPrefixes(prefixes: Record<string, string>): void;
  getPrefixesFromQuery(): Record<string, string>;
  getCompleteToken(): Token;
  getPreviousNonWsToken(line: number, token: Token): Token;
  lineCount(): number;
  getLine(line: number): string;
  markText(from: Position, to: Position, options: { className: string }): Mark;
  addLineClass(line: number, where: "background", name: string): void;
  removeLineClass(line: number, where: "background", name: string): void;
  scrollIntoView(at: Position, margin: number): void;
  showNotification: (key: string, message: string) => void;
  checkSyntax: () => void;
}

let complete: Vocabulary = { prefixes: {}, terms: [] };

/** Set what is completed from now on. */
export function setVocabulary(vocabulary: Vocabulary): void {
  complete = vocabulary;
}

const MOST_HINTS = 60;

/** The kind of term that can stand where the cursor is. */
function wanted(editor: Editor): Term["kind"][] {
  const token = editor.getCompleteToken();
  const before = editor.getPreviousNonWsToken(editor.getCursor().line, token);
  const verb = before.string === "a" || before.state.lastProperty === "a" || before.state.lastProperty === "rdf:type";
  if (verb) return ["class"];
  return token.state.possibleCurrent.includes("a") || before.state.possibleCurrent.includes("a") ? ["property"] : ["thing", "class", "property"];
}

/** The word before the cursor. The grammar takes a Chinese name, which is no SPARQL yet, for many tokens. */
function typed(editor: Editor): { word: string; from: Position; to: Position } {
  const to = editor.getCursor();
  const word = /[\p{L}\p{N}_:-]*$/u.exec(editor.getLine(to.line).slice(0, to.ch))?.[0] ?? "";
  return { word, from: { line: to.line, ch: to.ch - word.length }, to };
}

function matching(word: string, kinds: Term["kind"][]): Term[] {
  const words = word.toLowerCase();
  const found = complete.terms.filter((term) => kinds.includes(term.kind)
    && (term.name.toLowerCase().includes(words) || term.label.toLowerCase().includes(words)));
  const rank = (term: Term): number => (term.name.toLowerCase().startsWith(words) ? 0 : term.label.startsWith(word) ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_HINTS);
}

function hintOf(term: Term): Hint {
  return {
    text: term.name,
    render: (place) => {
      const name = document.createElement("span");
      name.textContent = term.name;
      const label = document.createElement("small");
      label.textContent = term.label;
      place.append(name, label);
    },
  };
}

Yasqe.defaults.autocompleters = [];
Yasqe.registerAutocompleter({
  name: "terms",
  bulk: false,
  isValidCompletionPosition: (yasqe) => {
    const token = (yasqe as unknown as Editor).getCompleteToken();
    return !/^[?$"'<#]/.test(token.string) && token.type !== "comment" && token.type !== "string";
  },
  get: (yasqe) => {
    const editor = yasqe as unknown as Editor;
    return matching(typed(editor).word, wanted(editor)).map((term) => term.name);
  },
  postprocessHints: (yasqe, hints) => {
    const { from, to } = typed(yasqe as unknown as Editor);
    return hints.flatMap((hint) => complete.terms.filter((term) => term.name === hint.text).map((term) => ({ ...hint, ...hintOf(term), from, to })));
  },
}, false);

/** Declare the known prefixes that a query uses without declaring them. */
export function declarePrefixes(editor: Editor): void {
  const declared = editor.getPrefixesFromQuery();
  const missing: Record<string, string> = {};
  for (const [, prefix = ""] of editor.getValue().matchAll(/(?:^|[\s({,;/^|!])([a-z][\w-]*):/g)) {
    const namespace = complete.prefixes[prefix];
    if (namespace && declared[prefix] === undefined) missing[prefix] = namespace;
  }
  if (Object.keys(missing).length) editor.addPrefixes(missing);
}

/** An editor in `box`. `run` is called for Ctrl+Enter. */
export function makeEditor(box: HTMLElement, text: string, label: string, run: () => void): Editor {
  const config = {
    value: text,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null, // lodash's merge, which YASQE uses, keeps its own function for `undefined`
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    syntaxErrorCheck: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    screenReaderLabel: label,
    autocompleters: ["terms", "variables"],
    // Tab leads on to the next control: the keyboard must not be caught here.
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": () => undefined, "Shift-Ctrl-F": false },
  };
  const editor = new Yasqe(box, config as unknown as ConstructorParameters<typeof Yasqe>[1]) as unknown as Editor;
  editor.showNotification = () => undefined; // its hints are English; the page says them below the editor
  editor.checkSyntax = () => undefined;
  editor.on("inputRead", (_, change) => {
    if (/^[\w:]$/.test(change.text.join("")) && /^[\w-]*:/.test(editor.getCompleteToken().string)) editor.autocomplete();
  });
  return editor;
}

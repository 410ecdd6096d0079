/** Asking the interface over HTTP (docs/api.md), and what components need to show an answer's states. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { language } from "./texts";
import { parameters, type Params } from "./router";

/** Why there is no answer, in the words of the server (or of the page, when it cannot be reached). */
export class Refusal extends Error {
  constructor(
    /** The status of the answer; 0: the server could not be reached. */
    readonly status: number,
    readonly code: string,
    readonly what: string,
    readonly why: string,
    readonly cure: string,
    /** Other fields of the error, such as `line`, `column` or `alike`. */
    readonly more: Record<string, unknown> = {},
  ) {
    super(what);
  }
}

const KEY = "fiscalgraph.key";

/** The API key that the user typed, kept for this tab only. */
export const apiKey = {
  get: (): string | null => sessionStorage.getItem(KEY),
  set: (key: string): void => sessionStorage.setItem(KEY, key),
};

/** `path` with parameters, as an address of the interface. */
export function address(path: string, params: Params = {}): string {
  const query = parameters(params).toString();
  return query ? `${path}${path.includes("?") ? "&" : "?"}${query}` : path;
}

/** The answer to a request as it came. Throws {@link Refusal} for every other than a good one. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  headers.set("Accept-Language", language());
  const key = apiKey.get();
  if (key) headers.set("X-API-Key", key);
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal(0, "unreachable", "", "", "");
  }
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({}));
  const { code, what, why, cure, ...more } = (body as { error?: Record<string, string> }).error ?? {};
  throw new Refusal(answer.status, code ?? "unknown", what ?? answer.statusText, why ?? "", cure ?? "", more);
}

/** The JSON of an answer. */
export async function ask<T>(path: string, params: Params = {}, init: RequestInit = {}): Promise<T> {
  return (await request(address(path, params), init)).json() as Promise<T>;
}

/** Save a file that is downloaded with the user's key, where one is needed. */
export async function download(path: string, name: string): Promise<void> {
  // As a browser would ask: its CSV begins with the mark by which spreadsheets know that it is UTF-8.
  const answer = await request(path, { headers: { Accept: "text/html, */*;q=0.8" } });
  const given = /filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
  saveAs(await answer.blob(), given ? decodeURIComponent(given) : name);
}

/** Hand bytes to the browser as a file. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** How far an answer is. While a next one is awaited, `value` is still the one before; why that one failed is of no more use. */
export interface Answer<T> {
  value: T | null;
  problem: Refusal | null;
  waiting: boolean;
  /** Ask again. */
  again: () => void;
}

function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", "");
}

/** Ask whenever `make`'s `key` changes; an answer that arrives after the user moved on is dropped. `null`: not yet. */
export function useMade<T>(key: string | null, make: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [state, setState] = useState<{ key: string | null; value: T | null; problem: Refusal | null; waiting: boolean }>({
    key: null, value: null, problem: null, waiting: key !== null,
  });
  const [turn, setTurn] = useState(0);
  const made = useRef(make);
  made.current = make;
  useEffect(() => {
    if (key === null) {
      setState({ key, value: null, problem: null, waiting: false });
      return undefined;
    }
    const abort = new AbortController();
    setState((before) => ({ ...before, key, problem: before.key === key ? before.problem : null, waiting: true }));
    made.current(abort.signal).then(
      (value) => !abort.signal.aborted && setState({ key, value, problem: null, waiting: false }),
      (error) => !abort.signal.aborted && setState({ key, value: null, problem: refusalOf(error), waiting: false }),
    );
    return () => abort.abort();
  }, [key, turn]);
  const again = useCallback(() => setTurn((each) => each + 1), []);
  // Between a new key and its effect the state is that of the key before.
  return { value: state.value, problem: state.key === key ? state.problem : null, waiting: state.waiting || state.key !== key, again };
}

/** The JSON at an address; `null` as path asks for nothing. */
export function useAnswer<T>(path: string | null, params: Params = {}): Answer<T> {
  const whole = path === null ? null : address(path, params);
  return useMade<T>(whole === null ? null : `${language()} ${whole}`, (signal) => ask<T>(whole ?? "", {}, { signal }));
}

/** A page of a list. */
export interface Page<T> {
  items: T[];
  total: number;
  offset: number;
  limit: number;
  next: string | null;
}

/** A list that grows page by page: `first` is the first answer with all its other fields, `items` those so far. */
export interface Listing<T, P extends Page<T> = Page<T>> extends Answer<P> {
  items: T[];
  total: number;
  /** Whether there are more than `items`. */
  more: boolean;
  loadMore: () => void;
  loadingMore: boolean;
}

/** A list of the interface, its pages on demand. */
export function useList<T, P extends Page<T> = Page<T>>(path: string | null, params: Params = {}): Listing<T, P> {
  const first = useAnswer<P>(path, params);
  const [rest, setRest] = useState<{ of: P | null; items: T[]; next: string | null }>({ of: null, items: [], next: null });
  const [loadingMore, setLoadingMore] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const valid = rest.of !== null && rest.of === first.value;
  const next = valid ? rest.next : (first.value?.next ?? null);
  const items = first.value ? [...first.value.items, ...(valid ? rest.items : [])] : [];
  const loadMore = () => {
    const of = first.value;
    if (!next || !of || loadingMore) return;
    setLoadingMore(true);
    setProblem(null);
    ask<P>(next)
      .then((page) => setRest((before) => ({ of, items: [...(before.of === of ? before.items : []), ...page.items], next: page.next })))
      .catch((error) => setProblem(refusalOf(error)))
      .finally(() => setLoadingMore(false));
  };
  return { ...first, problem: first.problem ?? problem, items, total: first.value?.total ?? 0, more: next !== null, loadMore, loadingMore };
}

/** The page's words, in Chinese and English. One file for each view; a key is `view.word`. */
import { useEffect, useState } from "preact/hooks";
import { common } from "./common";
import { search } from "./search";
import { departments } from "./departments";
import { projects } from "./projects";
import { issues } from "./issues";
import { codes } from "./codes";
import { checks } from "./checks";
import { documents } from "./documents";
import { queries } from "./queries";
import { thing } from "./thing";

/** `[Chinese, English]` for each key. */
export type Texts = Record<string, readonly [string, string]>;

const ALL: Texts = { ...common, ...search, ...departments, ...projects, ...issues, ...codes, ...checks, ...documents, ...queries, ...thing };

export type Language = "zh" | "en";
const KEPT = "fiscalgraph.language";
let current: Language = stored();

function stored(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // a browser that keeps nothing
  }
}

export function language(): Language {
  return current;
}

/** Switch, keep the choice, and have the page drawn again. */
export function setLanguage(next: Language): void {
  current = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // It holds until the page is closed.
  }
  dispatchEvent(new Event("languagechange"));
}

/** The language; the component is drawn again when it changes. */
export function useLanguage(): Language {
  const [shown, setShown] = useState(current);
  useEffect(() => {
    const changed = () => setShown(current);
    addEventListener("languagechange", changed);
    return () => removeEventListener("languagechange", changed);
  }, []);
  return shown;
}

/** Whether there are words for a key. */
export function has(key: string): boolean {
  return key in ALL;
}

/** The words for a key, `{name}` filled from `values`. A key without words is shown itself, and a test fails. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = ALL[key]?.[current === "zh" ? 0 : 1] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

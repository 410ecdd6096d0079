/** Words of the question marked in what was found. Only texts and intervals: data never becomes markup. */
import type { ComponentChild } from "preact";

type Stretch = [from: number, to: number];

// Characters that join words and say nothing by themselves: a stretch neither begins nor ends with one.
const JOINING = new Set("的了和与及在是等为对未不由因而以、，。；：");
const BETWEEN_TERMS = /[\s\p{P}\p{S}]+/u;
const LETTER = /[\p{L}\p{N}]/u;
const HAN = /\p{Script=Han}/u;
/** A question longer than this is compared by its beginning. */
const LONGEST = 300;
/** In a question longer than this, two characters in common say little. */
const SENTENCE = 24;

function folded(text: string): string {
  // Only letters whose small form has the same length, so that positions stay those of the text.
  return text.replace(/[A-ZＡ-Ｚ]/g, (letter) => letter.toLowerCase());
}

/** How far a term agrees with the text from a position on, in characters; words in letters agree whole or not at all. */
function agreement(text: string, at: number, term: string): number {
  if (!HAN.test(term)) {
    const inWord = (character: string | undefined) => character !== undefined && LETTER.test(character) && !HAN.test(character);
    return text.startsWith(term, at) && !inWord(text[at - 1]) && !inWord(text[at + term.length]) ? term.length : 0;
  }
  let longest = 0;
  for (let start = 0; start < term.length; start++) {
    let length = 0;
    while (start + length < term.length && at + length < text.length && term[start + length] === text[at + length]) length++;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Whether a number or a word in letters runs over a position: it agrees whole or not at all. */
function inside(text: string, at: number): boolean {
  return /^[a-z0-9.]{2}$/i.test(text.slice(at - 1, at + 1));
}

function trimmed(text: string, [from, to]: Stretch): Stretch {
  while (from < to && (JOINING.has(text[from] ?? "") || inside(text, from))) from++;
  while (to > from && (JOINING.has(text[to - 1] ?? "") || inside(text, to))) to--;
  return [from, to];
}

/** The stretches of `text` that stand in `query` too (two or three characters and more), or are among `given`; in order, none overlapping. */
export function sharedStretches(text: string, query: string, given: readonly string[] = []): Stretch[] {
  const plain = folded(text);
  const terms = folded(query.slice(0, LONGEST)).split(BETWEEN_TERMS).filter(Boolean);
  const least = query.length > SENTENCE ? 3 : 2;
  const found: Stretch[] = [];
  for (let at = 0; at < plain.length;) {
    const length = Math.max(0, ...terms.map((term) => agreement(plain, at, term)));
    const [from, to] = trimmed(plain, [at, at + length]);
    const whole = terms.includes(plain.slice(from, to));
    if (to - from >= least || (whole && to > from)) found.push([from, to]);
    at += Math.max(length, 1);
  }
  for (const stretch of given) {
    const at = stretch ? text.indexOf(stretch) : -1;
    if (at >= 0) found.push([at, at + stretch.length]);
  }
  found.sort((left, right) => left[0] - right[0]);
  const merged: Stretch[] = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** `text` with what it shares with the question marked. */
export function Marked({ text, query, shared = [] }: { text: string; query: string; shared?: readonly string[] }) {
  const parts: ComponentChild[] = [];
  let end = 0;
  for (const [from, to] of sharedStretches(text, query, shared)) {
    if (from > end) parts.push(text.slice(end, from));
    parts.push(<mark key={from}>{text.slice(from, to)}</mark>);
    end = to;
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}

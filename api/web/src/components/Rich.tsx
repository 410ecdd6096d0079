/** A sentence of the page's words in which figures, links or buttons stand. */
import type { ComponentChildren } from "preact";
import { t } from "../texts";

/** The words of `key`, each `{name}` replaced by what `parts` holds under it. */
export function Rich({ text, parts }: { text: string; parts: Record<string, ComponentChildren> }) {
  // The names are set between marks that no text holds, so that the words can be cut at them.
  const marked = t(text, Object.fromEntries(Object.keys(parts).map((name) => [name, `\u0001${name}\u0001`])));
  return <>{marked.split("\u0001").map((piece, place) => (place % 2 ? parts[piece] : piece))}</>;
}

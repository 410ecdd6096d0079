/** The text in the editor outlives the view: it is kept for this tab. */
const KEY = "fiscalgraph.sparql";

export function keepDraft(text: string): void {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing: the text lasts as long as the view.
  }
}

export function draft(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

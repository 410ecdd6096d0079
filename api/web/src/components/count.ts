/** Whole numbers grouped by thousands, as amounts are. */
const GROUPED = new Intl.NumberFormat("en-US");

export function count(number: number): string {
  return GROUPED.format(number);
}

/** What share `part` is of `whole`, in percent with one decimal; only the whole itself is 100%. */
export function share(part: number, whole: number): string {
  if (!whole) return "";
  if (part === whole) return "100%";
  return `${Math.min(99.9, (part / whole) * 100).toFixed(1)}%`;
}

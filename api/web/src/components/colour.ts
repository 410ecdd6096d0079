/** A colour of the page's style sheet, for drawings. Apart from echarts.ts, which must load with the first drawing only. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** An execution rate as number and bar, and what the document prints where that is another number. */
import { inScale } from "../../money";
import { t } from "../../texts";
import type { Report } from "./shapes";

/** Whether a printed rate is the reckoned one, at the places that are printed. */
function says(printed: string, percent: string): boolean {
  const match = /^(\d+)(?:\.(\d+))?%?$/.exec(printed.trim());
  if (!match) return false;
  const places = (match[2] ?? "").length;
  const plain = (text: string) => text.replace(/,/g, "");
  return plain(inScale(percent, "元", places)) === `${Number(match[1])}${places ? `.${match[2]}` : ""}`;
}

export function Rate({ of }: { of: Pick<Report, "executed_percent" | "printed_rate"> }) {
  const { executed_percent: percent, printed_rate: printed } = of;
  if (percent === null) {
    return printed ? <span title={t("projects.rate.printed.only")}>{printed}</span> : <span class="none">{t("money.none")}</span>;
  }
  const share = Math.min(Number(percent), 100);
  return (
    <span class="rate">
      <span title={t("projects.rate.title")}>{percent}%</span>
      <span class="meter" aria-hidden="true"><span style={{ inlineSize: `${share}%` }} /></span>
      {printed && !says(printed, percent) && <span class="tag warn">{t("projects.rate.printed", { printed })}</span>}
    </span>
  );
}

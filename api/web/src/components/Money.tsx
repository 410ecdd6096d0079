/** An amount, easy to read, with the exact 元 and what is printed behind it. */
import type { Money as Amount } from "../types";
import { exact, inScale, scaleOf, type Scale } from "../money";
import { t } from "../texts";

/** What stands in the hover text of an amount. */
export function moneyTitle(money: Amount): string {
  const { amount, printed, unit } = money;
  if (amount === null) return t("money.unknown", { printed: printed ?? "" });
  if (printed) return t("money.printed", { amount: exact(amount), printed, unit: unit ?? "" });
  return t("money.exact", { amount: exact(amount) });
}

/** `scale`: that of a whole column; by default that in which this amount is easiest to read. `bare`: without the scale's name. */
export function Money({ of, scale, bare = false }: { of: Amount | string | null | undefined; scale?: Scale; bare?: boolean }) {
  if (of === null || of === undefined) return <span class="none">{t("money.none")}</span>;
  const money: Amount = typeof of === "string" ? { amount: of } : of;
  if (money.amount === null) {
    return money.printed ? <span class="money unsure" title={moneyTitle(money)}>{money.printed}？</span> : <span class="none">{t("money.none")}</span>;
  }
  const chosen = scale ?? scaleOf(money.amount);
  return (
    <span class="money" title={moneyTitle(money)} data-yuan={money.amount}>
      {inScale(money.amount, chosen)}{!bare && <small> {chosen}</small>}
    </span>
  );
}

/** The scale for a column of amounts: that of the largest. */
export function columnScale(amounts: (string | null | undefined)[]): Scale {
  let widest: Scale = "元";
  for (const amount of amounts) {
    const scale = amount ? scaleOf(amount) : "元";
    if (scale === "亿元") return "亿元";
    if (scale === "万元") widest = "万元";
  }
  return widest;
}

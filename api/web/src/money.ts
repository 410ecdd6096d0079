/** Amounts in 元 are exact decimal texts; they are never made into floating numbers to be shown. */

export type Scale = "元" | "万元" | "亿元";

const DIGITS: Record<Scale, number> = { 元: 0, 万元: 4, 亿元: 8 };
const AMOUNT = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Digits grouped by thousands, behind a real minus sign. */
function grouped(sign: string, whole: string, fraction: string): string {
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign ? "−" : ""}${digits}${fraction ? `.${fraction}` : ""}`;
}

/** All digits of an amount in 元: `"1234567.8"` → `"1,234,567.80"`. Other texts are returned as they are. */
export function exact(amount: string): string {
  const match = AMOUNT.exec(amount);
  if (!match) return amount;
  return grouped(match[1] ?? "", match[2] ?? "0", (match[3] ?? "").padEnd(2, "0"));
}

/** The scale in which an amount is easiest to read: from one 亿 on 亿元, from one 万 on 万元. */
export function scaleOf(amount: string): Scale {
  const match = AMOUNT.exec(amount);
  const whole = (match?.[2] ?? "").replace(/^0+/, "");
  return whole.length > 8 ? "亿元" : whole.length > 4 ? "万元" : "元";
}

/** An amount in a scale, rounded half up to `decimals`: for reading, never for reckoning. */
export function inScale(amount: string, scale: Scale, decimals = 2): string {
  const match = AMOUNT.exec(amount);
  if (!match) return amount;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const shift = DIGITS[scale];
  // In units of 10^-decimals of the scale, with one digit more kept aside for the rounding.
  const digits = whole + fraction.padEnd(Math.max(fraction.length, decimals + 1), "0");
  const cut = fraction.length > decimals + 1 ? fraction.length : decimals + 1;
  const drop = cut + shift - decimals;
  let rounded = BigInt(digits);
  if (drop > 0) {
    const unit = 10n ** BigInt(drop);
    rounded = (rounded + unit / 2n) / unit;
  }
  const text = rounded.toString().padStart(decimals + 1, "0");
  const negative = sign && rounded !== 0n ? sign : "";
  return grouped(negative, text.slice(0, text.length - decimals), decimals ? text.slice(-decimals) : "");
}

/** A number for the length of a bar or the size of an area: drawings only. */
export function forDrawing(amount: string | null | undefined): number {
  return amount ? Number(amount) : 0;
}

/** Order of two amounts in 元; unknown ones come last. */
export function compareAmounts(left: string | null | undefined, right: string | null | undefined): number {
  if (!left || !right) return left ? -1 : right ? 1 : 0;
  const parts = (amount: string): bigint => {
    const match = AMOUNT.exec(amount);
    if (!match) return 0n;
    const value = BigInt((match[2] ?? "0") + (match[3] ?? "").padEnd(6, "0").slice(0, 6));
    return match[1] ? -value : value;
  };
  const [a, b] = [parts(left), parts(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The difference of two amounts in 元, exact. */
export function difference(left: string, right: string): string | null {
  const [a, b] = [AMOUNT.exec(left), AMOUNT.exec(right)];
  if (!a || !b) return null;
  const places = Math.max((a[3] ?? "").length, (b[3] ?? "").length);
  const whole = (m: RegExpExecArray): bigint => {
    const value = BigInt((m[2] ?? "0") + (m[3] ?? "").padEnd(places, "0"));
    return m[1] ? -value : value;
  };
  const value = whole(a) - whole(b);
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return value < 0n ? `-${text}` : text;
}

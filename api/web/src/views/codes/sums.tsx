/** What is to be known of sums: which of their figures are doubtful, and what the server remarks. */
import { language, t } from "../../texts";
import { organizationHref, type Remark, type SumTable } from "./shapes";

/** That figures of a sum contradict others, or were put in their column by arithmetic. */
export function Doubts({ of }: { of: { addends: number; contested: number; inferred: number } }) {
  return (
    <>
      {of.contested > 0 && <span class="tag warn" title={t("sum.contested.why", { n: of.contested, all: of.addends })}>{t("sum.contested")}</span>}
      {of.inferred > 0 && <span class="tag calm" title={t("sum.inferred.why", { n: of.inferred, all: of.addends })}>{t("sum.inferred")}</span>}
    </>
  );
}

/** That phases, years and scopes are not added up is what tables of them are for. */
const NO_TOTAL = ["year_total_withheld", "phase_total_withheld", "scope_total_withheld"];

/** Remarks of the server, in the page's language. */
export function Remarks({ remarks }: { remarks: Remark[] }) {
  const told = remarks.filter((remark) => !NO_TOTAL.includes(remark.code));
  if (!told.length) return null;
  return <ul class="remarks">{told.map((remark) => <li key={remark.code}>{remark[language()]}</li>)}</ul>;
}

/** Who is left out of sums, by reason: a sum of some departments must not be taken for that of all. */
export function Missing({ of }: { of: SumTable["missing"] }) {
  if (!of.length) return null;
  const reasons = new Map<string, { reason: Remark; members: SumTable["missing"] }>();
  for (const each of of) {
    const known = reasons.get(each.reason.code) ?? { reason: each.reason, members: [] };
    known.members.push(each);
    reasons.set(each.reason.code, known);
  }
  return (
    <details class="missing">
      <summary>{t("codes.missing", { n: of.length })}</summary>
      <dl>
        {[...reasons.values()].map(({ reason, members }) => (
          <div key={reason.code}>
            <dt>{reason[language()]}</dt>
            <dd>{members.map((each) => <a key={`${each.organization} ${each.year}`} href={organizationHref(each.organization)}>{each.label}</a>)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Amounts of projects in columns of 万元. One whose unit is not known is no number of that column, and says so. */
import { Money } from "../../components/Money";
import { t } from "../../texts";
import type { Money as Amount } from "../../types";

export function InWan({ of }: { of: Amount | null }) {
  return (
    <>
      <Money of={of} scale="万元" bare />
      {of && of.amount === null && of.printed && <span class="under">{t("projects.unit.unknown")}</span>}
    </>
  );
}

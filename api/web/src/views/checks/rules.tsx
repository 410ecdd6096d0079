/** The checks there are, each with its rule in words and what it found. */
import { useAnswer, type Page } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Problem, Shown } from "../../components/State";
import { Table, type Column } from "../../components/Table";
import { href } from "../../router";
import { t } from "../../texts";
import { inLanguage, VERDICTS, type CheckPage, type Rule } from "./shapes";

const SCOPES = ["WithinTable", "BetweenTables", "TextAndTables", "WithinProject", "BetweenDocuments"];

export function Rules() {
  const rules = useAnswer<Page<Rule>>("/checks/rules");
  const all = useAnswer<CheckPage>("/checks", { limit: 0 });
  const found = new Map(all.value?.checks.map((rule) => [rule.check, rule.verdicts]));
  const columns: Column<Rule>[] = [
    {
      key: "rule", head: t("checks.rule"), wrap: true,
      cell: (rule) => <><b>{inLanguage(rule.title)}</b>
        {rule.dimension === "Plausibility" && <> <span class="tag warn">{t("checks.plausibility")}</span></>}<br />{inLanguage(rule.rule)}
        {rule.tolerance !== "OwnTolerance" && <span class="check-of"> {t("checks.rule.tolerance", { tolerance: t(`checks.tolerance.${rule.tolerance}`) })}</span>}</>,
    },
    ...VERDICTS.map((verdict): Column<Rule> => ({
      key: verdict, head: t(`checks.column.${verdict}`), number: true, wide: verdict !== "contradicts",
      cell: (rule) => {
        if (!all.value) return null; // not counted yet
        const count = found.get(rule.check)?.[verdict];
        if (!count) return count === 0 ? 0 : <span class="none">{t("money.none")}</span>;
        return <a href={href("checks", [], { check: rule.check, verdict })}>{count}</a>;
      },
    })),
  ];
  return (
    <Shown answer={rules}>
      {(page) => (
        <>
          {all.problem && <Problem problem={all.problem} again={all.again} />}
          <div class="heading">
            <p class="note">{all.value && t("checks.rules.lead", { n: page.total, used: found.size })}</p>
            <Downloads path="/checks/rules" name={t("checks.rules.file")} />
          </div>
          {SCOPES.map((scope) => (
            <section key={scope}>
              <h2>{t(`checks.scope.${scope}`)}</h2>
              <Table caption={t(`checks.scope.${scope}`)} columns={columns} rows={page.items.filter((rule) => rule.scope === scope)} rowKey={(rule) => rule.check} />
            </section>
          ))}
        </>
      )}
    </Shown>
  );
}

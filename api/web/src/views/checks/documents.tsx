/** Document by document: how its comparisons came out, and how many of its printed figures a check touched. */
import { useAnswer } from "../../api";
import { Shown } from "../../components/State";
import { Downloads } from "../../components/Downloads";
import { Table, type Column } from "../../components/Table";
import { Filters, Select } from "../../components/Filters";
import { href, type Route } from "../../router";
import { t } from "../../texts";
import { VERDICTS, type CheckedDocument, type CheckPage } from "./shapes";

/** How the figures of a document divide. The shares are drawn; the numbers stand in the columns beside. */
function Shares({ of }: { of: CheckedDocument["figures"] }) {
  if (!of.printed) return <span class="none">{t("money.none")}</span>;
  return (
    <span class="check-shares" role="img" aria-label={t("checks.shares", { ...of })} title={t("checks.shares", { ...of })}>
      {(["confirmed", "contested", "unchecked"] as const).map((part) => (
        <span key={part} class={part} style={{ flexGrow: of[part] }} hidden={!of[part]} />
      ))}
    </span>
  );
}

export function Documents({ route }: { route: Route }) {
  const all = useAnswer<CheckPage>("/checks", { limit: 0 });
  return <Shown answer={all}>{(counts) => <DocumentTable route={route} all={counts} />}</Shown>;
}

function DocumentTable({ route, all }: { route: Route; all: CheckPage }) {
  const issuer = route.params.get("issuer") ?? "";
  const year = route.params.get("year") ?? "";
  const shown = all.documents.filter((each) => (!issuer || each.issuer === issuer) && (!year || String(each.fiscal_year) === year));
  const issuers = [...new Set(all.documents.map((each) => each.issuer))].sort((a, b) => a.localeCompare(b, "zh"));
  const years = [...new Set(all.documents.map((each) => each.fiscal_year))].sort((a, b) => b - a);
  const count = (key: string, wide: boolean, of: (row: CheckedDocument) => number, link?: (row: CheckedDocument) => string): Column<CheckedDocument> => ({
    key, number: true, wide, head: t(`checks.column.${key}`), compare: (a, b) => of(a) - of(b),
    cell: (row) => (link && of(row) ? <a href={link(row)}>{of(row)}</a> : of(row)),
  });
  const columns: Column<CheckedDocument>[] = [
    {
      key: "issuer", head: t("checks.column.issuer"), wrap: true, compare: (a, b) => a.issuer.localeCompare(b.issuer, "zh"),
      cell: (row) => <><a href={href("departments", [row.issuer])}>{row.issuer}</a><br />
        <a class="check-document" href={href("documents", [row.document])}>{row.document}</a></>,
    },
    {
      key: "year", head: t("field.year"), compare: (a, b) => a.fiscal_year - b.fiscal_year,
      cell: (row) => <>{row.fiscal_year}<br /><small class="check-of">{row.kind}</small></>,
    },
    ...VERDICTS.map((verdict) => count(verdict, verdict !== "contradicts", (row) => row.verdicts[verdict],
      (row) => href("checks", [], { document: row.document, verdict }))),
    count("printed", true, (row) => row.figures.printed),
    count("confirmed", true, (row) => row.figures.confirmed),
    count("contested", false, (row) => row.figures.contested),
    count("unchecked", true, (row) => row.figures.unchecked),
    { key: "shares", head: t("checks.column.shares"), cell: (row) => <Shares of={row.figures} />, wide: true },
  ];
  return (
    <>
      <div class="heading">
        <p class="note">{t("checks.documents.lead")}</p>
        <Downloads path="/queries/checks-by-document" name={t("checks.documents.file")} />
      </div>
      <Filters route={route} clearable={["issuer", "year"]}>
        <Select route={route} name="issuer" label={t("checks.column.issuer")} choices={issuers.map((each) => ({ value: each, label: each }))} />
        <Select route={route} name="year" label={t("field.year")} choices={years.map((each) => ({ value: String(each), label: String(each) }))} />
      </Filters>
      <Table caption={t("checks.documents.caption")} columns={columns} rows={shown} rowKey={(row) => row.document} />
      <p class="more">{t("list.count", { total: shown.length })}</p>
    </>
  );
}

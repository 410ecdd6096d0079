/** Issues in a table: what many departments state specifically comes first, as the interface orders them. */
import type { Listing } from "../../api";
import { Money } from "../../components/Money";
import { More, Table, type Column } from "../../components/Table";
import { href, type Route } from "../../router";
import { language, t } from "../../texts";
import { Outcomes, Tags } from "./parts";
import { labelOf, ofTypes, yearsText, type IssuePage, type IssueSummary } from "./shapes";

const NAMES = 3;

/** The first names of those that state it; all of them in the hover text. */
function names(of: IssueSummary): string {
  const first = of.departments.slice(0, NAMES).map((each) => each.name).join(language() === "zh" ? "、" : ", ");
  return of.departments.length > NAMES ? t("issues.and.others", { names: first }) : first;
}

function None() {
  return <span class="none">{t("money.none")}</span>;
}

/** A sum, and of how many of the projects it is where it is not of all. */
function Stake({ amount, of, all }: { amount: string | null; of: number; all: number }) {
  return <><Money of={amount} />{amount !== null && of < all && <small class="issue-part"><br />{t("issues.of.projects", { of, all })}</small>}</>;
}

export function IssueList({ route, list }: { route: Route; list: Listing<IssueSummary, IssuePage> }) {
  const admitted = { year: route.params.get("year"), min_confidence: route.params.get("min_confidence") };
  const types = ofTypes(route);
  const columns: Column<IssueSummary>[] = [
    {
      key: "label", head: t(types ? "issues.column.type" : "issues.column.label"), wrap: true,
      cell: (issue) => <><a class="issue-label" href={href("issues", [issue.id], admitted)}>{labelOf(issue)}</a> <Tags of={issue} />
        {issue.definition !== issue.label && <div class="issue-definition">{issue.definition}</div>}
        <div class="issue-names" title={issue.departments.map((each) => each.name).join("\n")}>{names(issue)}</div></>,
    },
    { key: "departments", head: t("issues.column.departments"), number: true, cell: (issue) => issue.departments.length },
    { key: "years", head: t("field.year"), cell: (issue) => <span class="issue-years">{yearsText(issue.years)}</span> },
    { key: "passages", head: t("issues.column.passages"), number: true, cell: (issue) => issue.passages },
    { key: "projects", head: t("issues.column.projects"), number: true, wide: true, cell: (issue) => issue.projects },
    {
      key: "budget", head: t("issues.column.budget"), number: true,
      cell: (issue) => <Stake amount={issue.budget} of={issue.projects_with_budget} all={issue.projects} />,
    },
    {
      key: "unspent", head: t("issues.column.unspent"), number: true,
      cell: (issue) => <Stake amount={issue.unspent} of={issue.projects_with_unspent} all={issue.projects} />,
    },
    { key: "points", head: t("issues.column.points"), number: true, wide: true, cell: (issue) => issue.points_lost ?? <None /> },
    { key: "measures", head: t("issues.column.measures"), number: true, wide: true, cell: (issue) => (issue.side === "cause" ? issue.measures : <None />) },
    { key: "outcomes", head: t("issues.column.outcomes"), wide: true, cell: (issue) => <Outcomes of={issue.outcomes} /> },
  ];
  return (
    <>
      <Table caption={t(types ? "issues.caption.types" : "issues.caption")} columns={columns} rows={list.items} rowKey={(issue) => issue.id} />
      <More list={list} />
      <p class="note">{t(types ? "issues.note.sums.types" : "issues.note.sums")}</p>
    </>
  );
}

/** Issues × departments: how many statements each department makes of each issue. */
import type { Listing } from "../../api";
import { More } from "../../components/Table";
import { href, viewHref, withParams, type Route } from "../../router";
import type { Reference } from "../../types";
import { t } from "../../texts";
import { labelOf, ofTypes, type IssuePage, type IssueSummary } from "./shapes";

/** So many departments stand side by side; the others are on the next page of columns. */
const COLUMNS = 16;

/** The departments of the issues listed: the one chosen, then those that state most of them. */
function departmentsOf(issues: IssueSummary[], chosen: string | null): { department: Reference; issues: number }[] {
  const found = new Map<string, { department: Reference; issues: number }>();
  for (const issue of issues) {
    for (const { department } of issue.stated_by) {
      const known = found.get(department.iri) ?? { department, issues: 0 };
      known.issues += 1;
      found.set(department.iri, known);
    }
  }
  const first = (name: string) => Number(name === chosen);
  return [...found.values()].sort((a, b) =>
    first(b.department.name) - first(a.department.name) || b.issues - a.issues || a.department.name.localeCompare(b.department.name, "zh"));
}

export function IssueMatrix({ route, list }: { route: Route; list: Listing<IssueSummary, IssuePage> }) {
  const departments = departmentsOf(list.items, route.params.get("department"));
  const asked = Number(route.params.get("from") ?? 0);
  const from = Number.isInteger(asked) && asked > 0 && asked < departments.length ? asked : 0;
  const types = ofTypes(route);
  const shown = departments.slice(from, from + COLUMNS);
  const [year, min_confidence] = [route.params.get("year"), route.params.get("min_confidence")];
  return (
    <>
      {departments.length > COLUMNS && (
        <p class="more">
          {t("issues.matrix.columns", { from: from + 1, to: from + shown.length, total: departments.length })}
          {from > 0 && <a href={withParams(route, { from: Math.max(0, from - COLUMNS) || "" })}>{t("issues.matrix.before")}</a>}
          {from + COLUMNS < departments.length && <a href={withParams(route, { from: from + COLUMNS })}>{t("issues.matrix.after")}</a>}
        </p>
      )}
      <div class="scroll issue-matrix" tabIndex={0} role="region" aria-label={t(types ? "issues.matrix.caption.types" : "issues.matrix.caption")}>
        <table>
          <caption class="hidden">{t(types ? "issues.matrix.caption.types" : "issues.matrix.caption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t(types ? "issues.column.type" : "issues.column.label")}</th>
              <th scope="col" class="number wide">{t("issues.column.departments")}</th>
              <th scope="col" class="number wide">{t("issues.column.passages")}</th>
              {shown.map(({ department }) => (
                <th key={department.iri} scope="col" class="issue-name">
                  <a href={viewHref(department.url, department.iri)}>{department.name}</a>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.items.map((issue) => {
              const counts = new Map(issue.stated_by.map((each) => [each.department.iri, each.passages]));
              return (
                <tr key={issue.id}>
                  <th scope="row"><a href={href("issues", [issue.id], { year, min_confidence })} title={issue.definition}>{labelOf(issue)}</a>
                    {!issue.names && <>{" "}<small>{t(`issues.side.${issue.side}`)}</small></>}</th>
                  <td class="number wide">{issue.departments.length}</td>
                  <td class="number wide">{issue.passages}</td>
                  {shown.map(({ department }) => {
                    const count = counts.get(department.iri);
                    if (!count) return <td key={department.iri} />;
                    return (
                      <td key={department.iri} class={`issue-cell ${count > 4 ? "many" : count > 1 ? "some" : "one"}`}>
                        <a href={href("issues", [issue.id], { department: department.name, year, min_confidence })}
                          aria-label={t("issues.matrix.cell", { department: department.name, issue: labelOf(issue), n: count })}>{count}</a>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <More list={list} />
      <p class="note">{t(types ? "issues.matrix.note.types" : "issues.matrix.note")}</p>
    </>
  );
}

/** What a document holds: its projects, the bodies it names, and its tables row by row as named queries. */
import { useState } from "preact/hooks";
import { useAnswer, useList } from "../../api";
import { href, viewHref } from "../../router";
import { t } from "../../texts";
import type { DocumentReference, Money as Amount, Reference, Source } from "../../types";
import { Downloads } from "../../components/Downloads";
import { Money } from "../../components/Money";
import { SourceButton } from "../../components/Source";
import { Shown } from "../../components/State";
import { More, Table } from "../../components/Table";
import type { DocumentItem } from "./shapes";

interface Report {
  iri: string;
  document: DocumentReference;
  budget_initial: Amount | null;
  budget_full: Amount | null;
  executed: Amount | null;
  executed_percent: string | null;
  printed_rate: string | null;
  score: string | null;
  source: Source | null;
}

interface Project extends Reference {
  reports: Report[];
}

interface Row {
  project: Project;
  report: Report;
}

// Named queries that show what a document holds, by what an auditor opens first.
const QUERIES = ["totals", "spending", "narrative", "claims", "contested-figures", "funds", "indicators", "findings", "laws"];
// Projects of one document differ much in size; in 亿元 the small ones would be rounded away.
const SCALE = "万元";
const FEW_UNITS = 24;

export function Contents({ of }: { of: DocumentItem }) {
  return (
    <>
      <section aria-labelledby="tables">
        <h2 id="tables">{t("contents.tables")}</h2>
        <p class="note">{t("contents.tables.lead")}</p>
        <p class="links">
          {QUERIES.map((query) => (
            <a key={query} href={href("queries", [query], { document: of.document })}>
              {t(`contents.query.${query}`)}
            </a>
          ))}
        </p>
      </section>
      <Projects document={of.document} />
      <Units document={of.document} department={of.department} />
    </>
  );
}

function Projects({ document }: { document: string }) {
  const list = useList<Project>("/projects", { document });
  const rows = list.items.flatMap((project) =>
    project.reports.filter((report) => report.document.document === document).map((report): Row => ({ project, report })),
  );
  const money = (key: "budget_initial" | "budget_full" | "executed") => ({
    key,
    number: true,
    head: `${t(`contents.${key}`)}（${SCALE}）`,
    cell: ({ report }: Row) => <Money of={report[key]} scale={SCALE} bare />,
  });
  return (
    <section aria-labelledby="projects">
      <div class="heading">
        <h2 id="projects">{t("contents.projects")}</h2>
        {list.total > 0 && <Downloads path="/projects" params={{ document }} name={`${document} ${t("contents.projects")}`} />}
      </div>
      <Shown answer={list.items.length ? { ...list, problem: null } : list}>
        {() => (
          <>
            <Table
              caption={t("contents.projects.caption")}
              rows={rows}
              rowKey={({ report }) => report.iri}
              empty={t("contents.projects.none")}
              columns={[
                {
                  key: "name",
                  head: t("field.project"),
                  wrap: true,
                  cell: ({ project }) => <a href={viewHref(project.url, project.iri)}>{project.name}</a>,
                },
                money("budget_initial"),
                money("budget_full"),
                money("executed"),
                {
                  key: "rate",
                  head: t("field.rate"),
                  number: true,
                  cell: ({ report }) => report.printed_rate ?? (report.executed_percent ? `${report.executed_percent}%` : t("money.none")),
                },
                { key: "score", head: t("field.score"), number: true, cell: ({ report }) => report.score ?? t("money.none") },
                {
                  key: "source",
                  head: t("source.open"),
                  cell: ({ project, report }) => <SourceButton iri={report.iri} of={project.name} />,
                },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Shown>
    </section>
  );
}

interface Named {
  columns: string[];
  rows: (string | null)[][];
}

/** Bodies as the document prints them, shortened as they may be; the department's view tells which they are. */
function Units({ document, department }: { document: string; department: Reference | null }) {
  const answer = useAnswer<Named>("/queries/units", { document });
  return (
    <section aria-labelledby="units">
      <div class="heading">
        <h2 id="units">{t("contents.units")}</h2>
        {!!answer.value?.rows.length && <Downloads path="/queries/units" params={{ document }} name={`${document} ${t("contents.units")}`} />}
      </div>
      <Shown answer={answer}>
        {({ columns, rows }) => {
          const [unit, relation] = [columns.indexOf("unit"), columns.indexOf("relation")];
          const byRelation = new Map<string, string[]>();
          for (const row of rows) {
            const names = byRelation.get(row[relation] ?? "") ?? [];
            if (row[unit] && !names.includes(row[unit])) names.push(row[unit]);
            byRelation.set(row[relation] ?? "", names);
          }
          if (!rows.length) return <p class="note">{t("contents.units.none")}</p>;
          return (
            <>
              {department && (
                <p class="links">
                  <a href={viewHref(department.url, department.iri)}>{t("contents.units.tree")}</a>
                </p>
              )}
              {[...byRelation]
                .sort(([a], [b]) => b.localeCompare(a))
                .map(([name, units]) => (
                  <Bodies key={name} relation={name} units={units} />
                ))}
            </>
          );
        }}
      </Shown>
    </section>
  );
}

function Bodies({ relation, units }: { relation: string; units: string[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <h3>
        {t(`contents.relation.${relation}`)} <small>{units.length}</small>
      </h3>
      <ul class="bodies">
        {(all ? units : units.slice(0, FEW_UNITS)).map((unit) => (
          <li key={unit}>{unit}</li>
        ))}
      </ul>
      {units.length > FEW_UNITS && !all && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {t("contents.units.more", { n: units.length })}
        </button>
      )}
    </>
  );
}

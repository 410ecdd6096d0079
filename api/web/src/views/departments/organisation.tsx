/** Who belongs to a department, what it was before, and what it published. */
import { useAnswer, type Page } from "../../api";
import { Downloads } from "../../components/Downloads";
import { Empty, Shown } from "../../components/State";
import { Table, type Column } from "../../components/Table";
import { href, viewHref } from "../../router";
import { t } from "../../texts";
import type { DocumentReference } from "../../types";
import type { Change, Department, Unit } from "./shapes";

const MANY = 24;

export function Organisation({ department }: { department: Department }) {
  const divisions = department.units.filter((unit) => unit.kind === "division");
  const units = department.units.filter((unit) => unit.kind !== "division");
  return (
    <>
      <div class="heading">
        <h2>{t("departments.documents")}</h2>
        {department.documents.length > 0 && (
          <Downloads path="/documents" params={{ department: department.iri }} name={`${department.name} ${t("departments.documents")}`} />
        )}
      </div>
      <Documents department={department} />
      <h2>{t("departments.units", { n: units.length })}</h2>
      {units.length ? <Tree units={units} /> : <p class="note">{t("departments.units.none")}</p>}
      {department.units_truncated && <p class="note">{t("departments.units.cut")}</p>}
      {divisions.length > 0 && (
        <>
          <h2>{t("departments.divisions", { n: divisions.length })}</h2>
          <Tree units={divisions} />
        </>
      )}
      {department.changes.length > 0 && (
        <>
          <h2>{t("departments.changes")}</h2>
          <ul class="tree">{department.changes.map((change) => <ChangeLine key={change.iri} change={change} />)}</ul>
        </>
      )}
    </>
  );
}

/** A tree whose long branches are folded. */
function Tree({ units }: { units: Unit[] }) {
  if (units.length <= MANY) return <Branch units={units} />;
  return <details><summary>{t("departments.units.show", { n: units.length })}</summary><Branch units={units} /></details>;
}

function Branch({ units, inner = false }: { units: Unit[]; inner?: boolean }) {
  return (
    <ul class={inner ? undefined : "tree many"}>
      {units.map((unit) => (
        <li key={unit.iri}>
          <a href={viewHref(unit.url, unit.iri)}>{unit.name}</a>{unit.kind === "head_office" && <small class="count"> {t("unit.head_office")}</small>}
          {unit.units.length > 0 && (unit.units.length > MANY
            ? <details><summary>{t("departments.units.show", { n: unit.units.length })}</summary><Branch units={unit.units} inner /></details>
            : <Branch units={unit.units} inner />)}
        </li>
      ))}
    </ul>
  );
}

function ChangeLine({ change }: { change: Change }) {
  return (
    <li>
      {change.year > 0 && t("departments.year", { year: change.year })}{" "}
      {change.originals.map((each, place) => <>{place > 0 && t("departments.comma")}<a href={viewHref(each.url, each.iri)}>{each.name}</a></>)}
      {" → "}<a href={viewHref(change.result.url, change.result.iri)}>{change.result.name}</a>
      {change.status === "candidate" && <> <span class="tag warn">{t("departments.changes.candidate")}</span></>}
    </li>
  );
}

interface DocumentSummary extends DocumentReference {
  coverage: { tables: number; tables_read: number } | null;
  contradictions: number;
}

/** What it published; how much of each was read comes from the list of documents. */
function Documents({ department }: { department: Department }) {
  const answer = useAnswer<Page<DocumentSummary>>(department.documents.length ? "/documents" : null, { department: department.iri, limit: 500 });
  if (!department.documents.length) return <Empty>{t("departments.documents.none")}</Empty>;
  return (
    <Shown answer={answer}>
      {(page) => {
        const more = new Map(page.items.map((each) => [each.iri, each]));
        const columns: Column<DocumentReference>[] = [
          { key: "year", head: t("field.year"), cell: (each) => each.fiscal_year },
          { key: "kind", head: t("field.kind"), cell: (each) => each.kind },
          { key: "document", head: t("field.document"), wrap: true, cell: (each) => <a href={href("documents", [each.document])}>{each.document}</a> },
          { key: "tables", head: t("departments.documents.tables"), number: true, wide: true, cell: (each) => tables(more.get(each.iri)) },
          { key: "contradictions", head: t("departments.verdict.contradicts"), number: true, cell: (each) => contradictions(more.get(each.iri)) },
        ];
        const rows = [...department.documents].sort((a, b) => b.fiscal_year - a.fiscal_year);
        return <Table caption={t("departments.documents")} columns={columns} rows={rows} rowKey={(each) => each.iri} />;
      }}
    </Shown>
  );
}

function tables(of: DocumentSummary | undefined) {
  return of?.coverage ? t("departments.documents.read", { read: of.coverage.tables_read, all: of.coverage.tables }) : t("money.none");
}

function contradictions(of: DocumentSummary | undefined) {
  if (!of) return t("money.none");
  return of.contradictions ? <a href={href("checks", [], { document: of.document, verdict: "contradicts" })}>{of.contradictions}</a> : 0;
}

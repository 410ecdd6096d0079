/** The indicators of a project side by side over its documents: what was aimed at, and what was reached. */
import { Downloads } from "../../components/Downloads";
import { SourceButton } from "../../components/Source";
import { Table, type Column } from "../../components/Table";
import { t } from "../../texts";
import { Mark, verdict } from "./indicators";
import type { Entry, Indicator, Project } from "./shapes";

interface Row {
  name: string;
  /** By the IRI of the entry; an entry may hold several indicators of one name. */
  of: Map<string, Indicator[]>;
}

/** Indicators with the very same name in more than one document; others are not taken for the same. */
function rowsOf(entries: Entry[]): Row[] {
  const rows = new Map<string, Row>();
  for (const entry of entries) {
    for (const indicator of entry.indicators) {
      const row = rows.get(indicator.name) ?? { name: indicator.name, of: new Map<string, Indicator[]>() };
      row.of.set(entry.iri, [...(row.of.get(entry.iri) ?? []), indicator]);
      rows.set(indicator.name, row);
    }
  }
  return [...rows.values()].filter((row) => row.name && row.of.size > 1);
}

export function IndicatorsOverYears({ project, entries }: { project: Project; entries: Entry[] }) {
  const held = entries.filter((entry) => entry.indicators.length > 0);
  const rows = rowsOf(held);
  if (!rows.length) return null;
  const columns: Column<Row>[] = [
    { key: "name", head: t("projects.indicator"), wrap: true, cell: (row) => row.name },
    ...held.map((entry): Column<Row> => ({
      key: entry.iri, head: `${entry.document.fiscal_year} ${entry.document.kind}`, wrap: true,
      cell: (row) => row.of.get(entry.iri)?.map((each) => <Cell key={each.iri} of={each} entry={entry} />)
        ?? <span class="none">{t("money.none")}</span>,
    })),
  ];
  return (
    <>
      <div class="heading">
        <h2>{t("projects.over_years")}</h2>
        <Downloads path="/indicators" params={{ project: project.iri }} name={`${project.name} ${t("projects.over_years")}`} />
      </div>
      <div class="indicators">
        <Table caption={t("projects.over_years")} columns={columns} rows={rows} rowKey={(row) => row.name} />
      </div>
      <p class="note">{t("projects.over_years.note")}</p>
    </>
  );
}

function Cell({ of, entry }: { of: Indicator; entry: Entry }) {
  return (
    <div>
      {t("projects.over_years.target", { target: of.target?.printed ?? t("money.none") })}{" "}
      <SourceButton iri={of.iri} of={`${of.name} ${entry.document.fiscal_year}`} />
      {of.actual && <span class="under">{t("projects.over_years.actual", { actual: of.actual.printed })} <Mark verdict={verdict(of)} /></span>}
    </div>
  );
}

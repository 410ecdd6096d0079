/** The rows of a named query: names lead to their views, figures stand in one scale, places open the source. */
import { useAnswer } from "../../api";
import { Money } from "../../components/Money";
import { SourceButton } from "../../components/Source";
import { Table, type Column } from "../../components/Table";
import type { Scale } from "../../money";
import { href, isThing } from "../../router";
import { t } from "../../texts";
import { columnName, issueHref, leadsTo, placesOf, told, valueText, type Kind, type Query, type Row, type Words } from "./model";
import { Place } from "./place";

// Characters from which on the values of a column may wrap, and are given the room of a sentence.
const SHORT = 16;
const SENTENCE = 36;

interface RowTableProps {
  caption: string;
  columns: string[];
  headings: Query["headings"];
  rows: Row[];
  places: Record<string, (string | null)[]>;
  kinds: Kind[];
  scale: Scale;
}

/** The last part of an IRI, as a reader would say it. */
export function shortName(iri: string): string {
  return decodeURI(iri).replace(/^https:\/\/w3id\.org\/fiscalgraph\/id\//, "").replace(/^document\//, "");
}

export function RowTable({ caption, columns, headings, rows, places, kinds, scale }: RowTableProps) {
  const printed = placesOf(columns);
  const hidden = new Set(printed.flatMap(({ page, line, quote }) => [page, line, quote]));
  if (columns.includes("issue") && columns.includes("label")) hidden.add("issue"); // its label leads to it
  const checks = useCheckNames(columns.includes("check"));
  const at = new Map(columns.map((column, index) => [column, index]));
  const numbered = rows.map((row, number) => ({ row, number }));
  const shown = columns.flatMap((column, index): Column<{ row: Row; number: number }>[] => {
    if (hidden.has(column)) return [];
    const kind = kinds[index] ?? "text";
    const longest = kind !== "text" || rows.some((row) => isThing(row[index])) ? 0 : Math.max(0, ...rows.map((row) => row[index]?.length ?? 0));
    return [{
      key: column, head: columnName(column, headings, t(`queries.scale.${scale}`)), number: kind !== "text", wrap: longest > SHORT && column !== "places",
      cell: ({ row }) => {
        const cell = <Cell column={column} value={row[index] ?? null} kind={kind} scale={scale} of={(name) => row[at.get(name) ?? -1] ?? null} checks={checks} />;
        return longest > SENTENCE ? <div class="sentence">{cell}</div> : cell;
      },
    }];
  });
  const read = printed.map((place): Column<{ row: Row; number: number }> => ({
    key: `place ${place.key}`, head: t(`queries.place.${place.key}`), wrap: true,
    cell: ({ row, number }) => {
      const value = (name: string): string | null => row[at.get(name) ?? -1] ?? null;
      const quote = value(place.quote);
      return quote === null ? null : (
        <Place place={{
          document: value(place.document) ?? "", page: value(place.page), line: value(place.line), quote,
          iri: places[place.quote]?.[number] ?? null, said: columns.some((column, index) => !hidden.has(column) && row[index] === quote),
        }} />
      );
    },
  }));
  return <Table caption={caption} rows={numbered} columns={[...shown, ...read]} rowKey={({ number }) => String(number)} empty={t("queries.none")} />;
}

/** "water_2023_accounts p. 17; …": where the rows of an amount stand that several tables repeat. */
function Documents({ places }: { places: string }) {
  return (
    <ul class="places">
      {places.split("; ").map((place) => {
        const [, document = place, kind, number = ""] = /^(.*) ([pl])\. (\d+)$/.exec(place) ?? [];
        return <li key={place}><a href={href("documents", [document])}>{document}</a> {kind && t(kind === "p" ? "place.page" : "place.line", { n: number })}</li>;
      })}
    </ul>
  );
}

/** What the checks are called, by the names that queries give. */
function useCheckNames(wanted: boolean): Map<string, string> {
  const rules = useAnswer<{ items: { check: string; title: Words }[] }>(wanted ? "/checks/rules" : null);
  return new Map((rules.value?.items ?? []).map(({ check, title }) => [check, told(title)]));
}

interface CellProps {
  column: string;
  value: string | null;
  kind: Kind;
  scale: Scale;
  of: (name: string) => string | null;
  checks: Map<string, string>;
}

function Cell({ column, value, kind, scale, of, checks }: CellProps) {
  if (value === null || value === "") return <span class="none">{t("money.none")}</span>;
  if (kind === "yuan") return <Money of={value} scale={scale} bare />;
  if (column === "places") return <Documents places={value} />;
  if (column === "check") return <span title={value}>{checks.get(value) ?? value}</span>;
  if (column === "label") {
    const issue = issueHref(of("issue") ?? "");
    return issue ? <a href={issue}>{value}</a> : <>{value}</>;
  }
  const link = leadsTo(column, value, of);
  if (!link) return <>{valueText(column, value)}</>;
  if (!isThing(value)) return <a href={link}>{valueText(column, value)}</a>;
  const name = shortName(value);
  return <><a href={link} title={name} aria-label={t("queries.open.of", { name })}>{t("queries.open")}</a>{!issueHref(value) && <> <SourceButton iri={value} of={name} /></>}</>;
}

/** The list of documents, with how much of each was read. */
import { useList, type Page } from "../../api";
import { href, type Params, type Route } from "../../router";
import { t } from "../../texts";
import { count, share } from "../../components/count";
import { DepartmentField } from "../../components/DepartmentField";
import { Downloads } from "../../components/Downloads";
import { Field, Filters, Select } from "../../components/Filters";
import { Shown } from "../../components/State";
import { More, Table, type Column } from "../../components/Table";
import type { DocumentItem } from "./shapes";

interface Facet<V> {
  value: V;
  count: number;
}

interface DocumentPage extends Page<DocumentItem> {
  facets: { kinds: Facet<string>[]; years: Facet<number>[] };
}

const FILTERS = ["q", "department", "kind", "year"];

export function DocumentList({ route }: { route: Route }) {
  const params: Params = Object.fromEntries(FILTERS.map((name) => [name, route.params.get(name)]));
  const list = useList<DocumentItem, DocumentPage>("/documents", params);
  const { kinds = [], years = [] } = list.value?.facets ?? {};
  const filtered = FILTERS.some((name) => route.params.get(name));
  return (
    <section aria-label={t("nav.documents")}>
      <div class="heading">
        <Filters route={route} clearable={FILTERS}>
          <Field route={route} name="q" label={t("documents.text")} type="search" />
          <DepartmentField route={route} />
          <Select
            route={route}
            name="kind"
            label={t("field.kind")}
            choices={kinds.map(({ value, count: n }) => ({ value, label: `${value} (${n})` }))}
          />
          <Select
            route={route}
            name="year"
            label={t("field.year")}
            choices={years.map(({ value, count: n }) => ({ value: String(value), label: `${value} (${n})` }))}
          />
        </Filters>
        <Downloads path="/documents" params={params} name={t("nav.documents")} />
      </div>
      <Shown answer={list.items.length ? { ...list, problem: null } : list}>
        {() => (
          <>
            <Table
              caption={t("documents.caption")}
              columns={columns(!list.more)}
              rows={list.items}
              rowKey={(row) => row.iri}
              empty={t(filtered ? "documents.none" : "documents.empty")}
            />
            <More list={list} />
          </>
        )}
      </Shown>
    </section>
  );
}

/** `whole`: the list is complete in the page, and can be sorted here. */
function columns(whole: boolean): Column<DocumentItem>[] {
  const by = (compare: (left: DocumentItem, right: DocumentItem) => number) => (whole ? compare : undefined);
  return [
    {
      key: "document",
      head: t("field.document"),
      wrap: true,
      compare: by((a, b) => a.issuer.localeCompare(b.issuer, "zh")),
      cell: (row) => (
        <>
          <a href={href("documents", [row.document])}>{row.reporting_unit?.name ?? row.issuer}</a>
          <small class="filename">{row.document}</small>
          {row.same_disclosure.length > 0 && <small class="filename">{t("documents.same", { names: row.same_disclosure.join(t("documents.and")) })}</small>}
        </>
      ),
    },
    { key: "kind", head: t("field.kind"), cell: (row) => row.kind, compare: by((a, b) => a.kind.localeCompare(b.kind, "zh")) },
    {
      key: "year",
      head: t("field.year"),
      number: true,
      cell: (row) => row.fiscal_year,
      compare: by((a, b) => a.fiscal_year - b.fiscal_year),
    },
    {
      key: "pages",
      head: t("documents.pages"),
      number: true,
      wide: true,
      cell: (row) => row.pages ?? t("money.none"),
      compare: by((a, b) => (a.pages ?? 0) - (b.pages ?? 0)),
    },
    {
      key: "tables",
      head: t("documents.tables"),
      number: true,
      compare: by((a, b) => part(a.coverage.tables_read, a.coverage.tables) - part(b.coverage.tables_read, b.coverage.tables)),
      cell: ({ coverage }) => <Read read={coverage.tables_read} all={coverage.tables} none={t("documents.notables")} />,
    },
    {
      key: "cells",
      head: t("documents.cells"),
      number: true,
      compare: by((a, b) => part(a.coverage.cells_read, a.coverage.cells) - part(b.coverage.cells_read, b.coverage.cells)),
      cell: ({ coverage }) => <Read read={coverage.cells_read} all={coverage.cells} none={t("documents.nofigures")} percent />,
    },
    {
      key: "contradictions",
      head: t("documents.contradictions"),
      number: true,
      compare: by((a, b) => a.contradictions - b.contradictions),
      cell: (row) =>
        row.contradictions ? <a href={href("documents", [row.document], { part: "contradictions" })}>{row.contradictions}</a> : 0,
    },
    {
      key: "problems",
      head: t("documents.problems"),
      wide: true,
      number: true,
      cell: (row) =>
        row.problems.length ? (
          <span class="tag warn" title={row.problems.join("\n")}>
            {row.problems.length}
          </span>
        ) : (
          <span class="none">{t("money.none")}</span>
        ),
    },
  ];
}

/** For sorting only; documents without any come last. */
function part(read: number | null, all: number | null): number {
  return all ? (read ?? 0) / all : 2;
}

function Read({ read, all, none, percent = false }: { read: number | null; all: number | null; none: string; percent?: boolean }) {
  if (!all) return <span class="none">{none}</span>;
  const counts = t("documents.of", { read: count(read ?? 0), all: count(all) });
  const some = (read ?? 0) < all;
  return (
    <span class={some ? "incomplete" : undefined} title={counts}>
      {percent ? share(read ?? 0, all) : counts}
    </span>
  );
}

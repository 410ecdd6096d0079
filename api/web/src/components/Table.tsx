/** Tables: sortable where it makes sense, with a caption, wide ones scroll in themselves. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Listing, Page } from "../api";
import { t } from "../texts";
import { Empty, Problem } from "./State";

export interface Column<R> {
  /** Distinguishes the column; also the `data-label` of cells on narrow screens. */
  key: string;
  head: ComponentChildren;
  cell: (row: R) => ComponentChildren;
  /** Numbers stand on the right. */
  number?: boolean;
  /** Compares two rows; a column with it can be sorted by. Only for lists that are complete in the page. */
  compare?: (left: R, right: R) => number;
  /** Words that may wrap; all others stay on one line. */
  wrap?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
}

interface TableProps<R> {
  caption: string;
  columns: Column<R>[];
  rows: R[];
  rowKey: (row: R) => string;
  /** Whether the caption is seen, or only read out. */
  captionShown?: boolean;
  /** A foot row, such as a total. */
  foot?: ComponentChildren;
  empty?: ComponentChildren;
  rowClass?: (row: R) => string | undefined;
}

export function Table<R>({ caption, columns, rows, rowKey, captionShown = false, foot, empty, rowClass }: TableProps<R>) {
  const [sort, setSort] = useState<{ key: string; down: boolean } | null>(null);
  if (!rows.length) return <Empty>{empty}</Empty>;
  const by = sort && columns.find((column) => column.key === sort.key)?.compare;
  const shown = by ? [...rows].sort((a, b) => (sort.down ? -1 : 1) * by(a, b)) : rows;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class={captionShown ? undefined : "hidden"}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => {
              const order = sort?.key === column.key ? (sort.down ? "descending" : "ascending") : undefined;
              return (
                <th key={column.key} scope="col" class={classes(column)} aria-sort={order}>
                  {column.compare ? (
                    <button type="button" class="sort" onClick={() => setSort({ key: column.key, down: order === "ascending" })}>
                      {column.head}<span aria-hidden="true">{order === "ascending" ? " ▲" : order ? " ▼" : " ↕"}</span>
                    </button>
                  ) : column.head}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)} class={rowClass?.(row)}>
              {columns.map((column) => <td key={column.key} class={classes(column)}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}

function classes<R>(column: Column<R>): string | undefined {
  return [column.number && "number", column.wrap && "wrap", column.wide && "wide"].filter(Boolean).join(" ") || undefined;
}

/** How many of a list are shown, and the way to more. */
export function More<T, P extends Page<T>>({ list }: { list: Listing<T, P> }) {
  if (list.problem && list.value) return <Problem problem={list.problem} again={list.loadMore} />;
  if (!list.value || !list.total) return null;
  return (
    <p class="more">
      {list.more ? t("list.shown", { shown: list.items.length, total: list.total }) : t("list.count", { total: list.total })}
      {list.more && <button type="button" class="quiet" disabled={list.loadingMore} onClick={list.loadMore}>{list.loadingMore ? t("state.loading") : t("list.more")}</button>}
    </p>
  );
}

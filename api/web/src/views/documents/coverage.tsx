/** The coverage certificate (覆盖证书): what there is, what was read of it, and what was left and why. */
import { t } from "../../texts";
import { count, share } from "../../components/count";
import { Downloads } from "../../components/Downloads";
import { SourceButton } from "../../components/Source";
import { Table } from "../../components/Table";
import { PlaceLink } from "./place";
import type { DocumentDetail, DocumentItem, Leftover } from "./shapes";

interface Line {
  what: string;
  all: number;
  read: number;
}

function lines({ pages, coverage }: DocumentItem): Line[] {
  const counted: [string, number | null, number | null][] = [
    ["pages", pages, coverage.pages_read],
    ["tables", coverage.tables, coverage.tables_read],
    ["cells", coverage.cells, coverage.cells_read],
    ["paragraphs", coverage.paragraphs, coverage.paragraphs_read],
  ];
  return counted.flatMap(([what, all, read]) => (all === null || read === null ? [] : [{ what, all, read }]));
}

export function Certificate({ of }: { of: DocumentDetail }) {
  const { document, leftovers, leftovers_total } = of;
  return (
    <>
      <section aria-labelledby="coverage">
        <div class="heading">
          <h2 id="coverage">{t("coverage.title")}</h2>
          <Downloads path="/queries/coverage" params={{ document: document.document }} name={`${document.document} ${t("coverage.title")}`} />
        </div>
        <div class="coverage">
          <Table
            caption={t("coverage.caption")}
            rows={lines(document)}
            rowKey={(line) => line.what}
            empty={t("coverage.none")}
            columns={[
              { key: "what", head: t("coverage.what"), cell: (line) => t(`coverage.${line.what}`) },
              { key: "all", head: t("coverage.all"), number: true, cell: (line) => count(line.all) },
              { key: "read", head: t("coverage.read"), number: true, cell: (line) => count(line.read) },
              {
                key: "share",
                head: t("coverage.share"),
                number: true,
                cell: (line) => (line.all ? share(line.read, line.all) : t("money.none")),
              },
              {
                key: "bar",
                head: <span class="hidden">{t("coverage.bar")}</span>,
                cell: (line) => (
                  <span class="bar-of" aria-hidden="true">
                    <span style={{ width: `${line.all ? (line.read / line.all) * 100 : 0}%` }} />
                  </span>
                ),
              },
            ]}
          />
        </div>
        <p class="note">{t("coverage.paragraphs.note")}</p>
      </section>
      {document.problems.length > 0 && (
        <section aria-labelledby="problems">
          <h2 id="problems">{t("coverage.problems")}</h2>
          <ul>
            {document.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="unread">
        <div class="heading">
          <h2 id="unread">{t("coverage.unread")}</h2>
          {leftovers_total > 0 && (
            <Downloads path="/queries/leftovers" params={{ document: document.document }} name={`${document.document} ${t("coverage.unread")}`} />
          )}
        </div>
        {leftovers.length < leftovers_total && (
          <p class="note">{t("coverage.unread.some", { n: leftovers.length, total: leftovers_total })}</p>
        )}
        {leftovers.length ? (
          groups(leftovers).map((group) => (
            <LeftoverGroup key={`${group.what} ${group.why}`} group={group} pictured={document.pages !== null} />
          ))
        ) : (
          <p class="note">{t("coverage.unread.none")}</p>
        )}
      </section>
    </>
  );
}

interface Group {
  what: string;
  why: string;
  items: Leftover[];
}

/** A reason without the figure that it names first: the figure stands beside each place. */
export function reason(why: string): { figure: string | null; why: string } {
  const match = /^(-?[\d.,]+%?)[:：]\s*(.+)$/s.exec(why);
  return match ? { figure: match[1] ?? null, why: match[2] ?? why } : { figure: null, why };
}

/** Those left for the same reason together, the commonest reason first. */
function groups(leftovers: Leftover[]): Group[] {
  const found = new Map<string, Group>();
  for (const leftover of leftovers) {
    const { why } = reason(leftover.why);
    const key = `${leftover.what} ${why}`;
    const group = found.get(key) ?? { what: leftover.what, why, items: [] };
    group.items.push(leftover);
    found.set(key, group);
  }
  return [...found.values()].sort((a, b) => b.items.length - a.items.length);
}

/** Numbers in order, neighbours as a range: 3, 5–8. */
export function ranges(numbers: number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (sorted[to + 1] === (sorted[to] ?? 0) + 1) to++;
    parts.push(to > from ? `${sorted[from]}–${sorted[to]}` : `${sorted[from]}`);
    from = to + 1;
  }
  return parts.join(", ");
}

function LeftoverGroup({ group, pictured }: { group: Group; pictured: boolean }) {
  const { what, why, items } = group;
  const pages = items.flatMap(({ source }) => source?.page ?? []);
  const lines = items.flatMap(({ source }) => (source && !source.page && source.line ? source.line : []));
  return (
    <details class="card leftovers">
      <summary>
        <span class="tag calm">{t(`leftover.${what}`)}</span> <b>{why}</b> <span>{t("coverage.unread.count", { n: items.length })}</span>{" "}
        <small>
          {[
            pages.length && t("coverage.unread.pages", { pages: ranges(pages) }),
            lines.length && t("coverage.unread.lines", { lines: ranges(lines) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </summary>
      <ul>
        {items.map((item) => {
          const { figure } = reason(item.why);
          return (
            <li key={item.iri}>
              {figure && <b>{figure}</b>} <PlaceLink source={item.source} pictured={pictured} />{" "}
              {item.source?.quote && <q>{item.source.quote.trim()}</q>}{" "}
              {item.source && <SourceButton iri={item.iri} of={figure ?? item.source.quote} />}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

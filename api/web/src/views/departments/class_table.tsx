/** Spending by code as a table: 类, 款, 项 under one another, with their shares of the whole. */
import { columnScale } from "../../components/Money";
import { SumAmount, type Sum } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { viewHref, withParams, type Route } from "../../router";
import { t } from "../../texts";
import type { SpendingItem } from "./spending";

const MANY_ROWS = 45;

interface Row {
  item: SpendingItem;
  level: number;
}

function flat(items: SpendingItem[], depth: number, level = 0): Row[] {
  return items.flatMap((item) => [{ item, level }, ...(depth > 1 ? flat(item.items, depth - 1, level + 1) : [])]);
}

export function ClassTable({ items, total, route, caption }: { items: SpendingItem[]; total: Sum | null; route: Route; caption: string }) {
  const asked = Number(route.params.get("depth"));
  const depth = asked >= 1 && asked <= 3 ? asked : flat(items, 3).length > MANY_ROWS ? 2 : 3;
  const scale = columnScale(items.map((item) => item.sum.amount)) === "元" ? "元" : "万元";
  const columns: Column<Row>[] = [
    { key: "code", head: t("field.code"), wide: true, cell: ({ item }) => (item.rest ? "" : item.code) },
    { key: "name", head: t("field.name"), wrap: true,
      cell: ({ item, level }) => <span class={`depth-${level}`}>{item.rest ? item.name : <a href={viewHref(item.url, item.iri)}>{item.name}</a>}</span> },
    { key: "amount", head: t("field.amount"), number: true, cell: ({ item }) => (
      <>
        {item.parts === "differ" && <span class="tag warn" title={t("departments.parts.differ.why")}>{t("departments.parts.differ")}</span>}{" "}
        <SumAmount of={item.sum} scale={scale} bare name={item.name} />
      </>
    ) },
  ];
  if (items.some((item) => item.share !== null)) {
    columns.push({ key: "share", head: t("departments.share"), number: true, cell: ({ item }) => item.share !== null && `${item.share}%` });
  }
  return (
    <div class="classes">
      <p class="depths" role="group" aria-label={t("departments.depth")}>
        {[1, 2, 3].map((each) => (
          <a key={each} href={withParams(route, { depth: each })} aria-current={each === depth ? "true" : undefined}>{t(`departments.depth.${each}`)}</a>
        ))}
      </p>
      <Table caption={t("departments.unit", { caption, scale })} captionShown columns={columns} rows={flat(items, depth)}
        rowKey={({ item, level }) => `${level} ${item.code}`} rowClass={({ level }) => (level === 0 ? "class-row" : undefined)}
        foot={total && (
          <tr>
            <td class="wide" /><th scope="row">{t("departments.total.short")}</th>
            <td class="number"><SumAmount of={total} scale={scale} bare name={t("departments.total.short")} /></td>
            {columns.length > 3 && <td />}
          </tr>
        )} />
    </div>
  );
}

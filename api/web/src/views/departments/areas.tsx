/** Spending by code as areas (treemap); the table below it has the same figures. */
import { useMemo } from "preact/hooks";
import { Chart, type Drawing } from "../../components/Chart";
import { colour } from "../../components/colour";
import { columnScale } from "../../components/Money";
import { SumAmount } from "../../components/SumAmount";
import { Table, type Column } from "../../components/Table";
import { forDrawing, inScale } from "../../money";
import { go, viewHref } from "../../router";
import { t } from "../../texts";
import type { SpendingItem } from "./spending";

interface Area {
  name: string;
  value: number;
  /** What is shown when it is pointed at. */
  words: string;
  /** Where a click leads. */
  view: string;
  children?: Area[];
}

function hasArea(item: SpendingItem): boolean {
  return forDrawing(item.sum.amount) > 0;
}

function area(item: SpendingItem): Area {
  const scale = columnScale([item.sum.amount]);
  const share = item.share === null ? "" : `  ${item.share}%`;
  return {
    name: item.name, value: forDrawing(item.sum.amount), view: viewHref(item.url, item.iri),
    words: `${item.rest ? "" : `${item.code} `}${item.name}\n${inScale(item.sum.amount, scale)} ${scale}${share}`,
    ...(item.items.length ? { children: item.items.filter(hasArea).map(area) } : {}),
  };
}

/** A click leads to the code. Amounts below zero have no area and are in the table only. */
export function Areas({ items, label, name }: { items: SpendingItem[]; label: string; name: string }) {
  const drawn = items.filter(hasArea);
  const option = useMemo<Drawing>(() => ({
    aria: { enabled: true },
    tooltip: { formatter: (item: { data: Partial<Area> }) => item.data.words ?? name },
    series: [{
      type: "treemap", name, data: drawn.map(area), roam: false, nodeClick: false, breadcrumb: { show: false },
      left: 0, right: 0, top: 4, bottom: 0, visibleMin: 120,
      // Names alone: they may be cut short, which an amount must never be. It is shown when an area is pointed at.
      label: { color: colour("card"), overflow: "truncate" },
      upperLabel: { show: true, height: 22, color: colour("ink"), overflow: "truncate" },
      itemStyle: { borderColor: colour("paper"), borderWidth: 1, gapWidth: 1 },
      levels: [
        { upperLabel: { show: false }, itemStyle: { borderWidth: 0, gapWidth: 4 } },
        { itemStyle: { borderWidth: 2, gapWidth: 1 } },
        { upperLabel: { show: false }, itemStyle: { borderWidth: 0, gapWidth: 1 } },
      ],
    }],
  }), [items]);
  if (drawn.length < 2 && !drawn[0]?.items.length) return null;
  const columns: Column<SpendingItem>[] = [
    { key: "name", head: t("field.name"), wrap: true, cell: (item) => <a href={viewHref(item.url, item.iri)}>{item.name}</a> },
    { key: "amount", head: t("field.amount"), number: true, cell: (item) => <SumAmount of={item.sum} name={item.name} /> },
  ];
  return (
    <Chart label={label} option={option} height={20} table={<Table caption={label} columns={columns} rows={items} rowKey={(item) => item.code} />}
      onPick={(item) => {
        const { view } = (item.data ?? {}) as Partial<Area>;
        if (view) go(view);
      }} />
  );
}

/** A drawing by ECharts, loaded when the first one is shown; the same figures can always be read as a table. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { EChartsCoreOption, ECharts } from "echarts/core";
import { t } from "../texts";

export type Drawing = EChartsCoreOption;

interface ChartProps {
  /** What the drawing shows, in words. */
  label: string;
  option: Drawing;
  /** The same figures as a table; left out where that table stands beside the drawing. */
  table?: ComponentChildren;
  /** Height in rem. */
  height?: 12 | 16 | 20 | 26 | 32;
  /** Called with the data item that was clicked. */
  onPick?: (item: { name: string; data: unknown }) => void;
}

export function Chart({ label, option, table, height = 20, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const [asTable, setAsTable] = useState(false);
  const picked = useRef(onPick);
  picked.current = onPick;
  useEffect(() => {
    if (asTable || !place.current) return undefined;
    let gone = false;
    const box = place.current;
    const resized = new ResizeObserver(() => chart.current?.resize());
    void import("./echarts").then(({ start }) => {
      if (gone) return;
      chart.current = start(box);
      chart.current.on("click", (item) => picked.current?.({ name: item.name, data: item.data }));
      chart.current.setOption(option);
      box.dataset.state = "ready";
      resized.observe(box);
    });
    return () => {
      gone = true;
      resized.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [asTable]);
  useEffect(() => {
    chart.current?.setOption(option, true);
  }, [option]);
  return (
    <figure class="chart">
      <figcaption>{label}
        {table && <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{t(asTable ? "chart.drawing" : "chart.table")}</button>}
      </figcaption>
      {asTable ? table : <div class={`drawing tall-${height}`} ref={place} role="img" aria-label={label} />}
    </figure>
  );
}

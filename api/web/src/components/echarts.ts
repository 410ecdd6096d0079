/** The parts of ECharts that the page draws with, and its look. Imported only when something is drawn. */
import { BarChart, LineChart, SankeyChart, TreemapChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { colour } from "./colour";

export { colour } from "./colour";

use([BarChart, LineChart, SankeyChart, TreemapChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** A chart in `box`, in the page's colours. Tooltips are drawn, not markup: data never becomes markup. */
export function start(box: HTMLElement): ECharts {
  const ink = colour("ink");
  const theme = {
    color: ["1", "2", "3", "4", "5", "6", "7", "8"].map((number) => colour(`series-${number}`)),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    tooltip: { renderMode: "richText", backgroundColor: colour("card"), borderColor: colour("rule"), textStyle: { color: ink } },
    categoryAxis: { axisLine: { lineStyle: { color: colour("rule") } }, axisLabel: { color: colour("soft") } },
    valueAxis: { splitLine: { lineStyle: { color: colour("rule") } }, axisLabel: { color: colour("soft") } },
    legend: { textStyle: { color: ink } },
  };
  return init(box, theme, { renderer: "canvas" });
}

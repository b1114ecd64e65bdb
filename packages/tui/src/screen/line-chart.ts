/** The crash chart on the screen, made anew only when its place or its figures change. I/O (terminal). */
import type { Widgets } from "blessed";
import line from "blessed-contrib/lib/widget/charts/line.js";
import type { Chart } from "../panels/crashes-panel.ts";
import type { View } from "../view.ts";

export interface LineChart {
  /** True when something changed. */
  show(wanted: View["chart"]): boolean;
}

export function createLineChart(screen: Widgets.Screen, hasColor: boolean): LineChart {
  let element: ReturnType<typeof line> | null = null;
  let shown = "null";
  return {
    show(wanted) {
      const key = JSON.stringify(wanted);
      if (key === shown) return false;
      shown = key;
      // The canvas takes its size when it is attached, so a new picture is a new element.
      element?.destroy();
      element = null;
      if (wanted === null || wanted.rect.height < 5 || wanted.rect.width < 20) return true;
      const { rect, chart } = wanted;
      element = line({ ...rect, ...optionsFor(chart, hasColor) });
      // The chart leaves room for a frame and a legend that we do not ask for.
      element.calcSize = function () {
        this.canvasSize = { width: rect.width * 2 - 2, height: rect.height * 4 + 4 };
      };
      screen.append(element);
      element.setData([{ x: [...chart.labels], y: [...chart.values] }]);
      return true;
    },
  };
}

function optionsFor({ most, steps }: Chart, hasColor: boolean) {
  const plain = "normal";
  return {
    style: hasColor
      ? { line: "red", text: "white", baseline: "cyan" }
      : { line: plain, text: plain, baseline: plain },
    xPadding: 8,
    xLabelPadding: 5,
    numYLabels: steps,
    maxY: most,
    wholeNumbersOnly: true,
    showLegend: false,
  };
}

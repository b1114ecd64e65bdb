/** What we use of blessed-contrib's line chart; loading it alone spares the package's maps, pictures and markdown. */
declare module "blessed-contrib/lib/widget/charts/line.js" {
  import type { Widgets } from "blessed";

  interface LineOptions extends Widgets.BoxOptions {
    style?: { line?: string; text?: string; baseline?: string };
    xLabelPadding?: number;
    xPadding?: number;
    numYLabels?: number;
    wholeNumbersOnly?: boolean;
    showLegend?: boolean;
    maxY?: number;
  }
  interface LineElement extends Widgets.BoxElement {
    options: LineOptions;
    /** In dots of a braille sign, two to a column and four to a row. */
    canvasSize: { width: number; height: number };
    calcSize(this: LineElement): void;
    setData(data: { x: string[]; y: number[] }[]): void;
  }
  export default function line(options: LineOptions): LineElement;
}

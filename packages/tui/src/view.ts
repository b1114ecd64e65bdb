/** The whole picture of one moment: blocks of rows and where they lie, plus the one chart. Pure. */
import { keyTable } from "./keys/key-table.ts";
import { isSmall, layOut, smallest } from "./layout.ts";
import { crashesPanel, type Chart } from "./panels/crashes-panel.ts";
import { confirmPanel, recoveryPanel } from "./panels/dialogs.ts";
import { footerRow, headerRow } from "./panels/edges.ts";
import { itemsPanel } from "./panels/items-panel.ts";
import { jobsPanel } from "./panels/jobs-panel.ts";
import { pagePanel } from "./panels/pages.ts";
import { problemsPanel } from "./panels/problems-panel.ts";
import { workersPanel } from "./panels/workers-panel.ts";
import { framed, inside, type Panel, type Rect } from "./rows/frame.ts";
import { fitRow, textRow, type Row, type Size } from "./rows/row.ts";
import type { Dashboard, Dialog, PaneId } from "./state/dashboard.ts";

export interface Block {
  readonly id: string;
  readonly rect: Rect;
  readonly rows: readonly Row[];
}

export interface View {
  /** Later ones lie over earlier ones. */
  readonly blocks: readonly Block[];
  readonly chart: { readonly rect: Rect; readonly chart: Chart } | null;
}

export function viewOf(state: Dashboard): View {
  const { size } = state;
  if (size.width < smallest.width || size.height < smallest.height) return tooSmall(size);
  const layout = layoutOf(state);
  const blocks: Block[] = [
    line("header", 0, headerRow(state), size),
    line("footer", size.height - 1, footerRow(state), size),
  ];
  const add = (
    id: PaneId | "workers" | "chart",
    rect: Rect | null,
    panel: (size: Size) => Panel,
  ) => {
    if (rect === null) return;
    const focused = id === state.pane && state.dialog === null;
    blocks.push({ id, rect, rows: framed(panel(inside(rect)), rect, focused) });
  };
  const { panel, chart } = crashesPanel(state);
  add("jobs", layout.jobs, (room) => jobsPanel(state, room));
  add("workers", layout.workers, (room) => workersPanel(state, room));
  add("items", layout.items, (room) => itemsPanel(state, room));
  add("problems", layout.problems, (room) => problemsPanel(state, room));
  add("chart", layout.chart, () => panel);
  const dialog = state.dialog === null ? null : dialogBlock(state, state.dialog);
  if (dialog !== null) blocks.push(dialog);
  // The chart is drawn over its block; where a dialog would lie on it, the dialog alone is shown.
  const covered = dialog !== null && layout.chart !== null && overlap(dialog.rect, layout.chart);
  return {
    blocks,
    chart: layout.chart === null || covered ? null : { rect: insideOf(layout.chart), chart },
  };
}

/** The panes that this state shows, e.g. to know how many steps make a page. */
export function layoutOf(state: Dashboard) {
  return layOut(state.size, {
    chart: state.showsChart && isSmall(state.size),
    jobs: state.jobs?.length ?? 0,
    workers: state.live?.workers.length ?? 0,
    problems: state.problems.rows.length,
  });
}

/** Room for the rows of a dialog, at most. */
export function dialogRoom({ size }: Dashboard, dialog: Dialog): Size {
  const widest = { confirm: 60, recovery: 72, details: 96, help: 96 }[dialog.d];
  return inside({ width: Math.min(size.width - 4, widest), height: size.height - 4 });
}

function dialogBlock(state: Dashboard, dialog: Dialog): Block {
  const { size } = state;
  const room = dialogRoom(state, dialog);
  const panel = dialogPanel(state, dialog, room);
  const width = room.width + 2;
  const height = Math.min(room.height, panel.rows.length) + 2;
  const rect = {
    left: Math.floor((size.width - width) / 2),
    top: Math.max(1, Math.floor((size.height - height) / 2)),
    width,
    height,
  };
  return { id: "dialog", rect, rows: framed(panel, rect, true) };
}

function dialogPanel(state: Dashboard, dialog: Dialog, size: Size): Panel {
  switch (dialog.d) {
    case "recovery":
      return recoveryPanel(state, dialog, size.width);
    case "confirm":
      return confirmPanel(state, dialog);
    case "details":
    case "help":
      return pagePanel(dialog, size, state.now);
  }
}

function tooSmall(size: Size): View {
  const leave = keyTable.main.quit.shown;
  const rows = [
    `This screen is ${size.width} x ${size.height}.`,
    `The dashboard needs ${smallest.width} x ${smallest.height}.`,
    `Make it larger, or ${leave} leaves.`,
  ];
  const rect = { left: 0, top: 0, ...size };
  return {
    blocks: [
      {
        id: "small",
        rect,
        rows: rows.slice(0, size.height).map((text) => fitRow(textRow(text), size.width)),
      },
    ],
    chart: null,
  };
}

function line(id: string, top: number, content: Row, { width }: Size): Block {
  return { id, rect: { left: 0, top, width, height: 1 }, rows: [fitRow(content, width)] };
}

function insideOf({ left, top, width, height }: Rect): Rect {
  return { left: left + 1, top: top + 1, width: width - 2, height: height - 2 };
}

function overlap(a: Rect, b: Rect): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

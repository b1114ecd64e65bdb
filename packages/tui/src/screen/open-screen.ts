/** The terminal as a surface for views: takes it over, draws what changed, gives it back. I/O (terminal). */
import blessed, { type Widgets } from "blessed";
import type { Size } from "../rows/row.ts";
import type { Block, View } from "../view.ts";
import { createLineChart } from "./line-chart.ts";
import { guardTerminal, type EndingSignal } from "./terminal-guard.ts";
import { toTags } from "./to-tags.ts";

export interface ScreenOptions {
  readonly hasColor: boolean;
  onKey(key: string): void;
  onResize(size: Size): void;
  onSignal(signal: EndingSignal): void;
}

export interface Screen {
  size(): Size;
  /** Draws what differs from the last view; false: nothing did. */
  paint(view: View): boolean;
  /** Leaves the terminal as it was. */
  close(): void;
}

export function openScreen(options: ScreenOptions): Screen {
  const screen = blessed.screen({
    program: openProgram(),
    fullUnicode: true,
    title: "Knowledge Chipper",
    warnings: false,
  } as Widgets.IScreenOptions);
  const shown = new Map<string, { box: Widgets.BoxElement; key: string }>();
  const chart = createLineChart(screen, options.hasColor);
  let isOpen = true;

  const restore = () => {
    if (!isOpen) return;
    isOpen = false;
    screen.destroy();
  };
  const lift = guardTerminal(restore, options.onSignal);
  screen.on("keypress", (_character: string, key: { full: string }) => {
    if (isOpen) options.onKey(key.full);
  });
  screen.on("resize", () => options.onResize(size()));

  function size(): Size {
    return { width: Number(screen.width), height: Number(screen.height) };
  }

  return {
    size,
    paint({ blocks, chart: wantedChart }) {
      if (!isOpen) return false;
      let changed = false;
      const wanted = new Set(blocks.map(({ id }) => id));
      for (const [id, { box }] of shown) {
        if (wanted.has(id)) continue;
        box.destroy();
        shown.delete(id);
        changed = true;
      }
      for (const block of blocks) if (show(block)) changed = true;
      // Last, so that it lies over its frame.
      if (chart.show(wantedChart)) changed = true;
      if (changed) screen.render();
      return changed;
    },
    close() {
      restore();
      lift();
    },
  };

  function show({ id, rect, rows }: Block): boolean {
    const key = JSON.stringify([rect, rows]);
    const before = shown.get(id);
    if (before?.key === key) return false;
    const box =
      before?.box ?? blessed.box({ parent: screen, tags: true, wrap: false } as Widgets.BoxOptions);
    box.position.left = rect.left;
    box.position.top = rect.top;
    box.width = rect.width;
    box.height = rect.height;
    box.setContent(toTags(rows, options.hasColor));
    shown.set(id, { box, key });
    return true;
  }
}

/**
 * Terminal descriptions of today's systems are in a format that blessed takes for another one, and then says so on the screen. It
 * carries a sound one of its own, and what it says every terminal of our days understands.
 */
function openProgram(): unknown {
  const { tput } = blessed as unknown as { tput: { ipaths: string[] } };
  tput.ipaths.length = 0;
  return blessed.program({
    terminal: "xterm-256color",
    forceUnicode: true,
    tput: true,
    buffer: true,
    zero: true,
  } as never);
}

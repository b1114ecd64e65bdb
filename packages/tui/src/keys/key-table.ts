/** The one table of keys: the footer, the help and every reaction read it. Shared, pure. */
import { isActive, isRecoverable, selectedJob, type Dashboard } from "../state/dashboard.ts";
import { isSmall } from "../layout.ts";

export interface KeyEntry {
  /** As the terminal names them; `C-c` is Ctrl-C, `S-tab` Shift-Tab. */
  readonly keys: readonly string[];
  /** How it reads in footer and help. */
  readonly shown: string;
  /** One or two words, for the footer. */
  readonly label: string;
  /** One sentence, for the help. */
  readonly help: string;
  /** The footer has it; it gives way to those before it. */
  readonly footer?: boolean;
  /** Shown in the footer only when it would do something. */
  readonly when?: (state: Dashboard) => boolean;
}

const main = {
  up: {
    keys: ["up", "k"],
    shown: "↑↓",
    label: "move",
    help: "Move to the line above or below.",
    footer: true,
  },
  down: { keys: ["down", "j"], shown: "", label: "", help: "" },
  pageUp: {
    keys: ["pageup", "left"],
    shown: "← →",
    label: "page",
    help: "A page back or forward (also Page Up, Page Down).",
  },
  pageDown: { keys: ["pagedown", "right"], shown: "", label: "", help: "" },
  first: { keys: ["home", "g"], shown: "home", label: "first", help: "To the first line." },
  nextPane: {
    keys: ["tab"],
    shown: "tab",
    label: "pane",
    help: "To the next pane; Shift-Tab goes back.",
    footer: true,
  },
  previousPane: { keys: ["S-tab"], shown: "", label: "", help: "" },
  open: {
    keys: ["enter"],
    shown: "enter",
    label: "open",
    help: "Open what is selected: a job that waits (to resume, restart or delete it), an item, a problem.",
    footer: true,
  },
  pause: {
    keys: ["p"],
    shown: "p",
    label: "pause",
    help: "Pause the job: takes nothing new, what runs finishes.",
    footer: true,
    when: (state) => is(state, isActive),
  },
  resume: {
    keys: ["s"],
    shown: "s",
    label: "resume",
    help: "Resume a paused or interrupted job after its last finished step.",
    footer: true,
    when: (state) => is(state, isRecoverable),
  },
  retry: {
    keys: ["r"],
    shown: "r",
    label: "retry",
    help: "Try failed, quarantined and cancelled files of the job again.",
    footer: true,
    when: (state) => is(state, (job) => !isActive(job) && problemItems(job.items) > 0),
  },
  filter: {
    keys: ["f"],
    shown: "f",
    label: "filter",
    help: "Show only items in one state: all, queued, retrying, completed, failed, quarantined.",
    footer: true,
  },
  chart: {
    keys: ["c"],
    shown: "c",
    label: "crashes",
    help: "Show the crash chart in place of the items (a large screen shows both).",
    footer: true,
    when: ({ size }) => isSmall(size),
  },
  help: { keys: ["?", "h", "f1"], shown: "?", label: "help", help: "This page.", footer: true },
  quit: {
    keys: ["q", "C-c"],
    shown: "q",
    label: "leave (work goes on)",
    help: "Leave the dashboard; the work goes on. `kc stop` ends the work.",
    footer: true,
  },
} as const satisfies Record<string, KeyEntry>;

const move = {
  up: { keys: ["up", "k"], shown: "↑↓", label: "move", help: "", footer: true },
  down: { keys: ["down", "j"], shown: "", label: "", help: "" },
} as const satisfies Record<string, KeyEntry>;

const leave = {
  back: { keys: ["escape", "q"], shown: "esc", label: "close", help: "", footer: true },
  quit: { keys: ["C-c"], shown: "", label: "", help: "" },
} as const satisfies Record<string, KeyEntry>;

/** Keys by what has the person's attention. */
export const keyTable = {
  main,
  recovery: {
    ...move,
    choose: { keys: ["enter"], shown: "enter", label: "do it", help: "", footer: true },
    nextJob: {
      keys: ["tab"],
      shown: "tab",
      label: "next job",
      help: "",
      footer: true,
      when: ({ jobs }: Dashboard) => (jobs ?? []).filter(isRecoverable).length > 1,
    },
    ...leave,
  },
  confirm: {
    flip: {
      keys: ["left", "right", "tab", "up", "down"],
      shown: "← →",
      label: "move",
      help: "",
      footer: true,
    },
    choose: { keys: ["enter"], shown: "enter", label: "choose", help: "", footer: true },
    yes: { keys: ["y"], shown: "y", label: "yes", help: "", footer: true },
    no: { keys: ["n", "escape", "q"], shown: "n", label: "no", help: "", footer: true },
    quit: leave.quit,
  },
  details: { ...move, back: { ...leave.back, keys: ["escape", "q", "enter"] }, quit: leave.quit },
  help: { ...move, back: { ...leave.back, keys: ["escape", "q", "enter", "?"] }, quit: leave.quit },
} as const satisfies Record<string, Record<string, KeyEntry>>;

export type KeyContext = keyof typeof keyTable;
export type MainAction = keyof typeof main;
export type ActionIn<C extends KeyContext> = keyof (typeof keyTable)[C];

/** What a key means where the person is; null: nothing. */
export function actionFor<C extends KeyContext>(context: C, key: string): ActionIn<C> | null {
  const entries = Object.entries(keyTable[context]) as [ActionIn<C>, KeyEntry][];
  return entries.find(([, { keys }]) => keys.includes(key))?.[0] ?? null;
}

export function entriesOf(context: KeyContext): readonly KeyEntry[] {
  return Object.values(keyTable[context]);
}

function is(
  state: Dashboard,
  holds: (job: NonNullable<ReturnType<typeof selectedJob>>) => boolean,
): boolean {
  const job = selectedJob(state);
  return job !== null && holds(job);
}

function problemItems({
  failed,
  quarantined,
  cancelled,
}: {
  failed: number;
  quarantined: number;
  cancelled: number;
}): number {
  return failed + quarantined + cancelled;
}

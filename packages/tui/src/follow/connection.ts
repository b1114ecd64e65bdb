/** The way to whoever holds the home: follows it, sees it go, takes a last look at the ledger, finds the next one. I/O through control. */
import type { Control, RemoteControl } from "@knowledge-chipper/core/reading";
import type { Message } from "../state/message.ts";
import { followHome, type Follower, type Wanted } from "./follow-home.ts";
import { perform, type Asked } from "./perform.ts";

export type AnyControl = Control | RemoteControl;

/** How to go on after a loss; what these return is closed by the dashboard. */
export interface Reach {
  /** Whoever holds the home now; with `start`, somebody who is started for it. */
  readonly reconnect?: (start: boolean) => Promise<AnyControl | null>;
  /** The ledger itself, while nobody holds the home. */
  readonly read?: () => Promise<Control | null>;
}

export interface Connection {
  open(): void;
  look(wanted: Wanted): void;
  perform(asked: Asked): void;
  close(): Promise<void>;
}

const RECONNECT_MS = 2_000;

export function createConnection(
  first: AnyControl,
  { reconnect, read }: Reach,
  tell: (message: Message) => void,
): Connection {
  let control = first;
  let follower: Follower | null = null;
  let wanted: Wanted = { jobId: null, isActive: false, page: null };
  let isLost = false;
  let isOver = false;
  let isTrying = false;

  const say = (message: Message) => {
    if (!isOver) tell(message);
  };

  async function follow(): Promise<void> {
    try {
      const next = await followHome(control, (message) => {
        if (message.m === "lost") void lost();
        else say(message);
      });
      if (isOver) return next.close();
      follower = next;
      follower.look(wanted);
    } catch {
      await lost();
    }
  }

  async function lost(): Promise<void> {
    if (isLost) return;
    isLost = true;
    follower?.close();
    follower = null;
    say({ m: "lost" });
    // A handover from one holder to the next is nobody's concern.
    if (await found(false)) return;
    const reader = await read?.().catch(() => null);
    if (reader === null || reader === undefined) return;
    if (isOver || !isLost) return reader.close();
    await take(reader);
    follower = await followHome(reader, say, false);
    follower.look(wanted);
    say({ m: "unheld" });
  }

  /** From now on `next` is spoken to; what we made before is closed. */
  async function take(next: AnyControl): Promise<void> {
    const before = control;
    control = next;
    if (before !== first) await before.close();
  }

  /** True when somebody holds the home and is followed. */
  async function found(start: boolean): Promise<boolean> {
    if (!isLost) return true;
    if (isTrying || isOver || reconnect === undefined) return false;
    isTrying = true;
    try {
      const next = await reconnect(start);
      if (next === null) return false;
      if (isOver) {
        await next.close();
        return false;
      }
      follower?.close();
      follower = null;
      await take(next);
      isLost = false;
      say({ m: "found" });
      await follow();
      return !isLost;
    } finally {
      isTrying = false;
    }
  }

  async function act(asked: Asked): Promise<void> {
    const up = await found(true).catch((error: unknown) => {
      say({ m: "said", text: String(error instanceof Error ? error.message : error), tone: "bad" });
      return null;
    });
    if (up === null) return;
    if (!up) {
      const text = `cannot ${asked.e} ${asked.name}: nobody holds the home`;
      return say({ m: "said", text, tone: "bad" });
    }
    say(await perform(control, asked));
    follower?.refresh();
  }

  const again = setInterval(() => void found(false).catch(() => {}), RECONNECT_MS);
  return {
    open: () => void follow(),
    look(next) {
      wanted = next;
      follower?.look(next);
    },
    perform: (asked) => void act(asked),
    async close() {
      isOver = true;
      clearInterval(again);
      follower?.close();
      if (control !== first) await control.close();
    },
  };
}

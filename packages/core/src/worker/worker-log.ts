/** `ctx.log`: lines cut to what a fact may hold, and a limit to what one step may say. Worker side. */
import type { Log } from "@knowledge-chipper/plugin-sdk";
import type { Fact } from "../rpc/contract.ts";

type LogFact = Extract<Fact, { fact: "log" }>;

const MAX_LINE = 20_000;
/** The host keeps less; this bounds what a step can push through the channel. */
const MAX_CHARACTERS = 512 * 1024;

/** @param attemptId null outside of a step */
export function workerLog(attemptId: number | null, tell: (fact: LogFact) => void): Log {
  let left = MAX_CHARACTERS;

  const at = (level: LogFact["level"]) => (message: string) => {
    if (left <= 0) return;
    const text = cut(String(message));
    left -= text.length + 32;
    tell({ fact: "log", attemptId, level, message: text });
    if (left > 0) return;
    const notice = "this step has logged too much: the rest of it is not kept";
    tell({ fact: "log", attemptId, level: "warn", message: notice });
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function cut(text: string): string {
  if (text.length <= MAX_LINE) return text;
  const note = ` … (${text.length - MAX_LINE} more characters)`;
  return text.slice(0, MAX_LINE - note.length - 8) + note;
}

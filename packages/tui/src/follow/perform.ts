/** Does what a key asked of the other side, and says in one line how it went. I/O through control. */
import type { Control } from "@knowledge-chipper/core/reading";
import { plural } from "../rows/units.ts";
import type { Effect, Message } from "../state/message.ts";

export type Asked = Exclude<Effect, { e: "quit" }>;

export async function perform(control: Control, asked: Asked): Promise<Message> {
  try {
    return { m: "said", text: await done(control, asked), tone: "good" };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { m: "said", text: `could not ${verbs[asked.e]} ${asked.name}: ${why}`, tone: "bad" };
  }
}

const verbs = {
  pause: "pause",
  resume: "resume",
  restart: "restart",
  remove: "delete",
  retry: "retry",
} as const;

async function done(control: Control, { e, jobId, name }: Asked): Promise<string> {
  switch (e) {
    case "pause":
      await control.pause(jobId);
      return `${name} pauses: what runs finishes, s goes on`;
    case "resume":
      await control.resume(jobId);
      return `${name} goes on after its last finished step`;
    case "restart":
      await control.restart(jobId);
      return `${name} starts again from the first file`;
    case "remove":
      await control.remove(jobId);
      return `${name} is deleted; the files it wrote are still there`;
    case "retry": {
      const count = await control.retry(jobId);
      return count === 0
        ? `nothing to retry in ${name}`
        : `${name}: ${plural(count, "file")} tried again`;
    }
  }
}

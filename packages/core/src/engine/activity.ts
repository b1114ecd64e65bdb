/** What the analytics look at while a home is held: workers every second, machine and disk once a sample. Host, I/O. */
import { statfs } from "node:fs/promises";
import type { Sample } from "../model/sample.ts";
import type { Engine } from "./engine.ts";
import type { Activity } from "./work-watch.ts";

export function activityOf({ crew }: Engine): Activity {
  const healthy = crew.workers.filter(({ state }) => state === "ready" || state === "busy");
  return {
    workers: healthy.length,
    workerBytes: crew.workers.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
  };
}

export async function surroundingsOf({
  machine,
  ledger,
}: Engine): Promise<Pick<Sample, "usedBytes" | "totalBytes" | "load" | "diskFreeBytes">> {
  const view = machine.view();
  return {
    usedBytes: view?.usedBytes ?? null,
    totalBytes: view?.totalBytes ?? null,
    load: view?.load ?? null,
    diskFreeBytes: await freeBytes(ledger.jobs({ limit: 1 })[0]?.outDir),
  };
}

/** Null where it cannot be told. */
async function freeBytes(folder: string | undefined): Promise<number | null> {
  if (folder === undefined) return null;
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

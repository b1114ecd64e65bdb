/** What is said where processors run without crash protection. */
import { isolationWarning, type Control, type LiveView } from "@knowledge-chipper/core/reading";

/** Where the holder of the home runs processors; null when nobody holds it. */
export async function isolationOf(
  control: Control,
  jobId: string,
): Promise<LiveView["isolation"] | null> {
  return (await control.live(jobId).catch(() => null))?.isolation ?? null;
}

/** A line for people, or none. */
export function isolationLines(isolation: LiveView["isolation"] | null): string[] {
  const warning = isolation === null ? null : isolationWarning(isolation);
  return warning === null ? [] : [`kc: ${warning}`];
}

/** For JSON shapes. */
export function isolationField(isolation: LiveView["isolation"] | null): {
  isolation?: LiveView["isolation"]["kind"];
} {
  return isolation === null ? {} : { isolation: isolation.kind };
}

/** Signs of life at a fixed pace, with this process's resident memory. Worker side. */

/** Beats until stopped; a blocked event loop misses beats, which is what they are for. */
export function startHeartbeat(everyMs: number, beat: (rssBytes: number) => void): () => void {
  beat(process.memoryUsage.rss());
  const timer = setInterval(() => beat(process.memoryUsage.rss()), everyMs);
  return () => clearInterval(timer);
}

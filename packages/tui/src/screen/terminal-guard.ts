/** Gives the terminal back whatever ends the program: a signal, an error nobody caught. I/O. */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndingSignal = (typeof signals)[number];

/** Returns what lifts the guard again. */
export function guardTerminal(
  restore: () => void,
  onSignal: (signal: EndingSignal) => void,
): () => void {
  const onEnd = (signal: NodeJS.Signals) => {
    restore();
    onSignal(signal as EndingSignal);
  };
  const onCrash = (error: unknown) => {
    restore();
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`kc: the dashboard failed; the work goes on.\n${text}\n`);
    process.exit(1);
  };
  // A terminal that is gone refuses what is written to it; that is no news.
  const onGone = () => {};
  for (const signal of signals) process.on(signal, onEnd);
  process.on("uncaughtException", onCrash);
  process.on("unhandledRejection", onCrash);
  process.stdout.on("error", onGone);
  return () => {
    for (const signal of signals) process.off(signal, onEnd);
    process.off("uncaughtException", onCrash);
    process.off("unhandledRejection", onCrash);
    process.stdout.off("error", onGone);
  };
}

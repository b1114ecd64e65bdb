/** The abort side of a test run: one signal, and a limit to how long a processor may ignore it. Pure but for its timer. */

/** A signal that follows `outer` and can be tripped by itself; `race` gives up on work that ignores it for `graceMs`. */
export function stopSwitch(processor: string, outer: AbortSignal | undefined, graceMs: number) {
  const controller = new AbortController();
  const follow = () => controller.abort(outer?.reason);
  if (outer?.aborted) follow();
  else outer?.addEventListener("abort", follow, { once: true });

  const ignored = Promise.withResolvers<never>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const arm = () => {
    timer = setTimeout(() => ignored.reject(new AbortIgnoredError(processor, graceMs)), graceMs);
  };

  return {
    signal: controller.signal,
    stop: (why: string) => controller.abort(new DOMException(why, "AbortError")),
    /** Runs `work`; rejects with `AbortIgnoredError` when it goes on longer than the grace after an abort. */
    race: (work: () => Promise<void>): Promise<void> => {
      if (controller.signal.aborted) arm();
      else controller.signal.addEventListener("abort", arm, { once: true });
      return Promise.race([work(), ignored.promise]);
    },
    dispose: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", follow);
      controller.signal.removeEventListener("abort", arm);
    },
  };
}

/** The processor went on working after it was told to stop; the host would kill its worker here. */
class AbortIgnoredError extends Error {
  override readonly name = "AbortIgnoredError";
  readonly code = "abort_ignored";
  constructor(processor: string, graceMs: number) {
    super(
      `${processor} was still working ${graceMs} ms after ctx.signal was aborted: pass the signal on, or check it in loops`,
    );
  }
}

/** Waits for a condition, by looking again; a test that waits in vain says for what. */

export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await Bun.sleep(10)) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
  }
  throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
}

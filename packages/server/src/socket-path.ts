/** Where a home's socket lies: in the home, or where that path is too long for a socket, in the user's runtime folder. Shared, pure. */
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `sun_path` holds 108 bytes with its closing zero. */
const MOST_BYTES = 107;

export function socketPath(
  home: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const path = join(home, "server.sock");
  if (Buffer.byteLength(path) <= MOST_BYTES) return path;
  const hash = new Bun.CryptoHasher("sha256").update(home).digest("hex").slice(0, 16);
  return join(
    env["XDG_RUNTIME_DIR"] ?? tmpdir(),
    `kc-${process.getuid?.() ?? 0}-${hash}`,
    "server.sock",
  );
}

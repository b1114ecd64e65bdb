/** The token of a home: made on first use, readable by its owner alone, compared without telling where it differs. Host, I/O. */
import { timingSafeEqual } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

const RANDOM_BYTES = 32;
const LEAST_LENGTH = 32;

export function tokenPath(home: string): string {
  return join(home, "token");
}

/** The home's token; made where there is none. */
export async function homeToken(home: string): Promise<string> {
  const path = tokenPath(home);
  const known = (await readFile(path, "utf8").catch(() => "")).trim();
  if (known.length >= LEAST_LENGTH) return known;
  return rotateToken(home);
}

/** Replaces the token; the old one is refused from the next request on. */
export async function rotateToken(home: string): Promise<string> {
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))).toString(
    "base64url",
  );
  const part = `${tokenPath(home)}.${process.pid}`;
  const file = await open(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(`${token}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, tokenPath(home));
  return token;
}

/** Takes as long for a wrong token as for a right one, whatever their lengths. */
export function isToken(given: string, token: string): boolean {
  const digest = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

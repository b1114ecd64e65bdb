/** How a browser gets in: a code that works once becomes a cookie that scripts cannot read. Host, pure but for time and chance. */
import { isToken } from "./token.ts";

const CODE_MS = 5 * 60_000;
const SESSION_MS = 12 * 3_600_000;
const MOST_CODES = 100;
export const SESSION_COOKIE = "kc_session";

export interface Sessions {
  /** A code for one login, for a few minutes. */
  issueCode(): string;
  /** The session's secret, or null for a code that is wrong, used or late. */
  redeem(code: string): Promise<string | null>;
  isOpen(session: string): Promise<boolean>;
}

/**
 * A session is its end, signed with the home's token: it outlives a restart of the server, and ends when the token is rotated.
 * Codes are kept in memory alone.
 */
export function createSessions(
  token: () => Promise<string>,
  now: () => number = Date.now,
): Sessions {
  const codes = new Map<string, number>();
  const sign = async (until: string, nonce: string) =>
    new Bun.CryptoHasher("sha256", await token())
      .update(`session.${until}.${nonce}`)
      .digest("base64url");

  return {
    issueCode() {
      const code = secret();
      for (const [key, end] of codes)
        if (end <= now() || codes.size >= MOST_CODES) codes.delete(key);
      codes.set(keyOf(code), now() + CODE_MS);
      return code;
    },
    async redeem(code) {
      const until = codes.get(keyOf(code));
      codes.delete(keyOf(code));
      if (until === undefined || until <= now()) return null;
      const [end, nonce] = [String(now() + SESSION_MS), secret()];
      return `${end}.${nonce}.${await sign(end, nonce)}`;
    },
    async isOpen(session) {
      const [until = "", nonce = "", signature = ""] = session.split(".", 3);
      const left = Number(until) - now();
      if (!(left > 0 && left <= SESSION_MS)) return false;
      return isToken(signature, await sign(until, nonce));
    },
  };
}

function secret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

/** Looked up by hash: how long a lookup takes tells nothing of the secret. */
function keyOf(code: string): string {
  return new Bun.CryptoHasher("sha256").update(code).digest("hex");
}

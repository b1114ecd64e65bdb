/** How a browser gets in: a code that works once becomes a cookie that scripts cannot read. Host, pure but for time and chance. */

const CODE_MS = 5 * 60_000;
const SESSION_MS = 12 * 3_600_000;
const MOST = 100;
export const SESSION_COOKIE = "kc_session";

export interface Sessions {
  /** A code for one login, for a few minutes. */
  issueCode(): string;
  /** The session's secret, or null for a code that is wrong, used or late. */
  redeem(code: string): string | null;
  isOpen(session: string): boolean;
}

export function createSessions(now: () => number = () => performance.now()): Sessions {
  const codes = new Map<string, number>();
  const sessions = new Map<string, number>();

  const put = (map: Map<string, number>, until: number): string => {
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
    for (const [key, end] of map) if (end <= now() || map.size >= MOST) map.delete(key);
    map.set(keyOf(secret), until);
    return secret;
  };

  return {
    issueCode: () => put(codes, now() + CODE_MS),
    redeem(code) {
      const key = keyOf(code);
      const until = codes.get(key);
      codes.delete(key);
      return until === undefined || until <= now() ? null : put(sessions, now() + SESSION_MS);
    },
    isOpen: (session) => (sessions.get(keyOf(session)) ?? 0) > now(),
  };
}

/** Looked up by hash: how long a lookup takes tells nothing of the secret. */
function keyOf(secret: string): string {
  return new Bun.CryptoHasher("sha256").update(secret).digest("hex");
}

/** Takes secrets and user names out of text that leaves the machine. Shared, pure. */
import { isSecretKey } from "../config/setting-view.ts";

export interface Personal {
  /** The person's own folder. */
  readonly homeDir: string;
  readonly userName: string;
  readonly hostName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const HIDDEN = "(hidden)";
/** Shorter values of variables stand in every text by chance. */
const LEAST_SECRET = 6;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
  [/\b(?:sk|pk|ghp|gho|xox[abp]|hf)[-_][\w-]{8,}/g, HIDDEN],
  [/(\w+:\/\/)[^\s/@:"']*:[^\s/@"']+@/g, `$1${HIDDEN}@`],
  [
    /("?[\w.-]*(?:api[_-]?key|token|secret|password|passphrase|credential)s?"?\s*[=:]\s*"?)(?!env:|null\b|\(hidden\))[^\s"',;&)}\]]{3,}/gi,
    `$1${HIDDEN}`,
  ],
  // Folders of people, whoever they are.
  [/(\/(?:home|Users)\/)[^/\s"',:;()]+/g, "$1(user)"],
  [/([A-Za-z]:\\{1,2}Users\\{1,2})[^\\\s"',:;()]+/g, "$1(user)"],
];

/** A function that takes them out of any text, JSON too. */
export function redactor({ homeDir, userName, hostName, env }: Personal): (text: string) => string {
  const secrets = Object.entries(env)
    .flatMap(([name, value]) => (isSecretKey(name) && value !== undefined ? [value] : []))
    .filter((value) => value.length >= LEAST_SECRET)
    .toSorted((a, b) => b.length - a.length);
  const inPaths = userName === "" ? null : pathPart(userName);
  const host = hostName === "" || hostName === "localhost" ? null : wholeWord(hostName);
  return (text) => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN);
    if (homeDir.length > 1) clean = clean.replace(startOfPath(homeDir), "~");
    for (const [pattern, instead] of patterns) clean = clean.replace(pattern, instead);
    if (inPaths !== null) clean = clean.replace(inPaths, "(user)");
    return host === null ? clean : clean.replace(host, "(host)");
  };
}

/** `/root` in `/root/x`, not in `/rooted` or `/srv/root`. */
function startOfPath(folder: string): RegExp {
  return new RegExp(`(?<![\\w.-])${RegExp.escape(folder.replace(/\/$/, ""))}(?![\\w.-])`, "g");
}

/** The name as a whole part of a path: `/media/anna/disk`. */
function pathPart(name: string): RegExp {
  return new RegExp(`(?<=[/\\\\])${RegExp.escape(name)}(?=[/\\\\\\s"',:;)]|$)`, "gm");
}

function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${RegExp.escape(word)}(?![\\w-])`, "g");
}

/** The programs of the operating system that tests and demo use: which are here, how to get the others, and getting them. Host, I/O. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

export interface SystemTool {
  readonly name: string;
  readonly command: string;
  /** Names that it has elsewhere. */
  readonly others?: readonly string[];
  /** A file that must lie beside the command, seen from the folder above its own. */
  readonly data?: string;
  /** Debian and Ubuntu packages. */
  readonly packages: readonly string[];
}

const knownTools = {
  ffmpeg: { name: "ffmpeg", command: "ffmpeg", packages: ["ffmpeg"] },
  pocketsphinx: {
    name: "pocketsphinx",
    command: "pocketsphinx_continuous",
    data: "share/pocketsphinx/model/en-us",
    packages: ["pocketsphinx", "pocketsphinx-en-us"],
  },
  flite: { name: "flite", command: "flite", packages: ["flite"] },
  chromium: {
    name: "chromium",
    command: "chromium",
    others: ["chromium-browser", "google-chrome"],
    packages: ["chromium"],
  },
} as const satisfies Record<string, SystemTool>;

const APT_LIMIT_MS = 240_000;

/** Of the named tools those that are missing, after installing what may be installed; says what it does. */
export async function provideTools(
  names: readonly (keyof typeof knownTools)[],
  say: (line: string) => void,
): Promise<readonly SystemTool[]> {
  const missing = missingOf(names);
  if (missing.length === 0 || !mayInstall()) return missing;
  const packages = missing.flatMap((tool) => tool.packages);
  say(`Installing ${packages.join(", ")} with apt-get ...`);
  const problem = await aptInstall(packages);
  if (problem !== null) say(`apt-get could not install them: ${problem}`);
  return missingOf(names);
}

/** How a person gets them, as one sentence. */
export function howToGet(tools: readonly SystemTool[]): string {
  const packages = tools.flatMap((tool) => tool.packages).join(" ");
  if (Bun.which("apt-get") !== null) return `Get it with: sudo apt-get install ${packages}`;
  if (process.platform === "darwin")
    return `Get it with: brew install ${tools.map(({ name }) => name).join(" ")}`;
  return `Get it from your system's packages; Debian and Ubuntu call them ${packages}.`;
}

function missingOf(names: readonly (keyof typeof knownTools)[]): readonly SystemTool[] {
  return names.map((name) => knownTools[name]).filter((tool) => !isHere(tool));
}

function isHere({ command, others = [], data }: SystemTool): boolean {
  const path = [command, ...others].map((name) => Bun.which(name)).find((each) => each !== null);
  if (path === undefined || path === null) return false;
  return data === undefined || existsSync(join(dirname(dirname(path)), data));
}

/** On a build machine (CI=true) or with --yes. */
export function askedToInstall(): boolean {
  return process.env.CI === "true" || process.argv.includes("--yes");
}

/** Never without being asked: on a build machine (CI=true) or with --yes, and only without a password. */
function mayInstall(): boolean {
  return askedToInstall() && Bun.which("apt-get") !== null && asRoot() !== null;
}

/** What to put before a command to run it as root, or null where that needs a password. */
function asRoot(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  if (Bun.which("sudo") === null) return null;
  return Bun.spawnSync(["sudo", "-n", "true"]).success ? ["sudo", "-n"] : null;
}

/** Null when all went well, else the last thing that apt-get said. */
async function aptInstall(packages: readonly string[]): Promise<string | null> {
  const update = await apt(["update"]);
  const install = await apt(["install", "-y", "--no-install-recommends", ...packages]);
  if (install === null) return null;
  return update === null ? install : `${update}; ${install}`;
}

async function apt(args: readonly string[]): Promise<string | null> {
  const child = Bun.spawn(
    [...(asRoot() ?? []), "apt-get", "-q", "-o", "DPkg::Lock::Timeout=60", ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout: APT_LIMIT_MS,
    },
  );
  const [, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return code === 0 ? null : (err.trim().split("\n").at(-1) ?? `exit code ${code}`);
}

/** Whether the folders that the work needs take files and have room. Host, I/O. */
import { existsSync } from "node:fs";
import { readFile, realpath, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Config } from "../config/schema.ts";
import { networkFileSystem } from "../ledger/network-file-system.ts";
import { probeFolder } from "../model/probe-folder.ts";
import { findingsOf, gigabytes, type Finding } from "./finding.ts";

const PROBE_BYTES = 4_096;

const { ok, warning, problem } = findingsOf("folders");

export interface Folders {
  readonly home: string;
  /** Of the ledger, where that is not in the home. */
  readonly ledger: string;
  readonly temp: string;
  readonly cwd: string;
}

export async function lookAtFolders(folders: Folders, config: Config): Promise<Finding[]> {
  const { home, ledger, temp, cwd } = folders;
  const least = config.resource_limits.disk_space_warning_gb * 1024 ** 3;
  const found = [
    await lookAt("home", home, least, "--home DIR or KC_HOME names another one."),
    await lookAt("temp folder", temp, least, "TMPDIR=DIR names another one."),
    await lookAt(
      "output folder",
      resolve(cwd, config.output.directory),
      least,
      "--out DIR or output.directory names another one.",
    ),
    ...(await lookAtHome(home)),
  ];
  if (ledger === home) return found;
  const elsewhere = "checkpoint_system.checkpoint_directory names another one.";
  return [...found, await lookAt("ledger folder", ledger, least, elsewhere)];
}

/** A folder that does not exist yet is made later: the nearest one above it is asked. */
async function lookAt(
  name: string,
  path: string,
  least: number,
  elsewhere: string,
): Promise<Finding> {
  const above = nearestThere(path);
  const isNew = above === path ? "" : ", made when it is needed";
  const facts = await stat(above);
  if (!facts.isDirectory())
    return problem(name, `${above} is a file where a folder must be`, elsewhere);
  const refused = probeFolder(above, PROBE_BYTES);
  if (refused !== null) return problem(name, `${path}: ${refused.message}`, elsewhere);
  const { bavail, bsize } = await statfs(above);
  const free = bavail * bsize;
  const text = `${path}, ${gigabytes(free)} free${isNew}`;
  if (free >= least) return ok(name, text);
  return warning(name, `${text}, less than disk_space_warning_gb`, `Make room. ${elsewhere}`);
}

async function lookAtHome(home: string): Promise<Finding[]> {
  if (!existsSync(home)) return [];
  const findings: Finding[] = [];
  const mounts = await readFile("/proc/self/mounts", "utf8").catch(() => "");
  const type = networkFileSystem(mounts, await realpath(home));
  if (type !== null) {
    const text = `the home lies on a network file system (${type}), where locks do not hold`;
    findings.push(problem("home", text, "--home DIR or KC_HOME names a local folder."));
  }
  const { mode, uid } = await stat(home);
  if ((mode & 0o077) !== 0) {
    const text = `others can look into the home (mode ${(mode & 0o777).toString(8)})`;
    findings.push(warning("home", text, `chmod 700 '${home}'`));
  }
  if (process.getuid !== undefined && uid !== process.getuid()) {
    const text = `the home belongs to another user (uid ${uid})`;
    findings.push(warning("home", text, "Run as that user, or use a home of your own (--home)."));
  }
  return findings;
}

function nearestThere(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path));
}

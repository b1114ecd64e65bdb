/** Whether this machine can do the work: memory, program, limits, control groups, clock. Host, reads /proc and /sys. */
import { accessSync, constants } from "node:fs";
import { arch, availableParallelism, release } from "node:os";
import { ourMemoryGroups, textOf, usableMemory } from "../config/usable-memory.ts";
import { machineRoot } from "../model/machine-root.ts";
import { findingsOf, gigabytes, type Finding } from "./finding.ts";

const GIB = 1024 ** 3;
/** A machine sold with 2 GB shows a little less. */
const LEAST_MEMORY = 1.7 * GIB;
const LEAST_BUN = "1.4.5";
const LEAST_FILES = 1_024;
const LEAST_PROCESSES = 512;
/** Before this program was written no clock was right. */
const LEAST_TIME = Date.UTC(2026, 0, 1);

const { ok, warning, problem } = findingsOf("machine");

export function lookAtMachine(now = Date.now()): Finding[] {
  const memory = usableMemory();
  return [
    ok("system", `${process.platform} ${release()} ${arch()}, ${availableParallelism()} cores`),
    memory >= LEAST_MEMORY
      ? ok("memory", `${gigabytes(memory)} usable`)
      : problem(
          "memory",
          `${gigabytes(memory)} usable, 2 GB are needed`,
          "Give the machine or its container more memory, or set process_isolation.workers to 1.",
        ),
    Bun.semver.satisfies(Bun.version, `>=${LEAST_BUN}`)
      ? ok("Bun", Bun.version)
      : problem("Bun", `${Bun.version}, ${LEAST_BUN} is needed`, "bun upgrade"),
    ...limits(textOf(`${machineRoot}/proc/self/limits`)),
    controlGroups(),
    textOf(`${machineRoot}/proc/pressure/memory`) === ""
      ? warning(
          "memory pressure",
          "this kernel does not tell it (no /proc/pressure): short memory is seen by its amounts alone",
          "A kernel with CONFIG_PSI, and psi=1 among its parameters. Nothing breaks without.",
        )
      : ok("memory pressure", "told by the kernel (PSI)"),
    now >= LEAST_TIME
      ? ok("clock", new Date(now).toISOString())
      : problem("clock", `it says ${new Date(now).toISOString()}`, "Set the machine's clock."),
  ];
}

/** From the text of /proc/self/limits: the soft limits are those that count. */
function limits(text: string): Finding[] {
  if (text === "") return [];
  const limit = (name: string): number => {
    const word = new RegExp(`^${name}\\s+(\\S+)`, "m").exec(text)?.[1];
    return word === undefined || word === "unlimited" ? Infinity : Number(word);
  };
  const files = limit("Max open files");
  const processes = limit("Max processes");
  const fileSize = limit("Max file size");
  return [
    files >= LEAST_FILES
      ? ok("open files", `at most ${words(files)}`)
      : problem(
          "open files",
          `at most ${files}, ${LEAST_FILES} are needed`,
          `ulimit -n ${LEAST_FILES}, in the shell that starts it.`,
        ),
    processes >= LEAST_PROCESSES
      ? ok("processes", `at most ${words(processes)}`)
      : warning(
          "processes",
          `at most ${processes}: workers and their tools may not start`,
          `ulimit -u ${LEAST_PROCESSES * 8}, in the shell that starts it.`,
        ),
    ...(fileSize === Infinity
      ? []
      : [
          warning(
            "file size",
            `at most ${gigabytes(fileSize)}: larger files end whoever writes them`,
            "ulimit -f unlimited",
          ),
        ]),
  ];
}

function words(limit: number): string {
  return limit === Infinity ? "as many as wanted" : String(limit);
}

/** Looks only: making groups for workers is for who runs some. */
function controlGroups(): Finding {
  const name = "control groups";
  const fix =
    "systemd-run --user --scope -p Delegate=yes kc …, or Delegate=yes in the service. Nothing breaks without.";
  if (process.platform !== "linux")
    return ok(name, "not on this system; memory of workers is sampled");
  const [own] = ourMemoryGroups(machineRoot);
  if (own === undefined)
    return warning(name, "none that count memory; memory of workers is sampled", fix);
  const controllers = textOf(`${own.path}/cgroup.controllers`).split(/\s+/);
  const delegated = isWritable(own.path) && (own.version === 1 || controllers.includes("memory"));
  if (delegated) return ok(name, `version ${own.version}, ours to divide (${own.path})`);
  return warning(
    name,
    `version ${own.version}, not ours to divide: memory of workers is sampled, not limited by the kernel`,
    fix,
  );
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

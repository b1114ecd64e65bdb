/** Asks a processor what it is, in a short-lived process of its own: code that crashes on import crashes that. Host, I/O. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessorFacts, RequirementFacts } from "../model/processor-facts.ts";
import { inspectorMethods, type Remote } from "../rpc/contract.ts";
import { WorkerGoneError } from "../rpc/errors.ts";
import { guardedEndpoint } from "../rpc/guarded-endpoint.ts";
import { remote } from "../rpc/remote.ts";
import { settledWithin } from "./await-end.ts";
import { fairTimeout } from "./fair-clock.ts";
import { InspectError, whyItDied } from "./inspect-error.ts";
import { captureLog } from "./log-capture.ts";
import { stepLogs } from "./step-logs.ts";
import { startThread } from "./start-thread.ts";
import { startProcess } from "./worker-process.ts";

const ENTRY = Bun.fileURLToPath(new URL("../worker/inspector-main.ts", import.meta.url));
const THREAD_ENTRY = new URL("../worker/thread-inspector-main.ts", import.meta.url).href;
/** Sources to a call, as the contract has it. */
const MAX_SOURCES = 1_000;
/** How long the last log lines of a dead inspector are waited for. */
const DRAIN_MS = 250;

export interface InspectOptions {
  /** Absolute `file:` URL of the module. */
  readonly url: string;
  readonly homeId: string;
  /** A folder of its own is made in it, and removed by `close`. */
  readonly tempDir: string;
  /** For each answer. */
  readonly timeoutMs: number;
  /** In a thread instead, where no processes are used. */
  readonly inThread?: boolean;
}

/** A loaded processor to put questions to. Every call rejects with `InspectError` when the processor crashes or hangs over it. */
export interface Inspector {
  readonly facts: ProcessorFacts;
  /** Completed options, in a form that can be stored, or what is wrong with each. */
  parseOptions(
    options: Readonly<Record<string, unknown>>,
  ): Promise<
    | { ok: true; options: Record<string, unknown> }
    | { ok: false; issues: readonly { path: string; message: string }[] }
  >;
  requirements(
    options: Readonly<Record<string, unknown>>,
    env: Readonly<Record<string, string>>,
  ): Promise<RequirementFacts[]>;
  /** Bytes of memory one step on each source will take, or null when the processor does not say. */
  estimate(
    options: Readonly<Record<string, unknown>>,
    sources: readonly EstimateSource[],
  ): Promise<number[] | null>;
  close(): Promise<void>;
}

type RemoteInspector = Remote<typeof inspectorMethods>;
type EstimateSource = Parameters<RemoteInspector["estimate"]>[0]["sources"][number];

/**
 * Loads the module in an inspector process; close it when done.
 * @throws InspectError with the loader's code and words, or with those of the process's death
 */
export async function inspectProcessor(options: InspectOptions): Promise<Inspector> {
  const process = await startInspector(options);
  try {
    const facts = await process.ask((inspector) => inspector.inspect({ url: options.url }));
    return {
      facts: { ...facts, url: options.url },
      parseOptions: (given) =>
        process.ask((inspector) => inspector.parseOptions({ options: { ...given } })),
      requirements: (given, env) =>
        process.ask((inspector) =>
          inspector.requirements({ options: { ...given }, env: { ...env } }),
        ),
      estimate: (given, sources) =>
        process.ask((inspector) => estimateAll(inspector, given, sources)),
      close: process.close,
    };
  } catch (error) {
    await process.close();
    throw error;
  }
}

async function startInspector({ url, homeId, tempDir, timeoutMs, inThread }: InspectOptions) {
  const path = url.startsWith("file:") ? Bun.fileURLToPath(url) : url;
  const folder = await mkdtemp(join(tempDir, "inspect-"));
  const spec = { homeId, label: "inspector", tempDir: folder };
  const child =
    inThread === true
      ? startThread({ ...spec, entry: THREAD_ENTRY })
      : startProcess({ ...spec, entry: ENTRY });
  const logs = stepLogs(() => {});
  const pipes = [captureLog(child.stdout, "info", logs), captureLog(child.stderr, "warn", logs)];
  const endpoint = guardedEndpoint({
    transport: child.transport,
    side: "host",
    peer: `the inspector of ${path}`,
    onProtocolError: () => child.signalGroup("SIGKILL"),
  });
  // An inspector has nothing to ask of us.
  endpoint.server({});
  const inspector = remote(endpoint, inspectorMethods);

  let hung = false;
  const ended = child.exited.then(async (end) => {
    child.signalGroup("SIGKILL");
    await settledWithin(
      DRAIN_MS,
      pipes.map((pipe) => pipe.ended),
    );
    for (const pipe of pipes) pipe.close();
    return end;
  });

  const ask = async <T>(question: (inspector: RemoteInspector) => Promise<T>): Promise<T> => {
    const callOff = fairTimeout(timeoutMs, () => {
      hung = true;
      child.signalGroup("SIGKILL");
    });
    try {
      return await question(inspector);
    } catch (error) {
      if (!(error instanceof WorkerGoneError)) throw new InspectError(error, logs.tail());
      child.signalGroup("SIGKILL");
      const end = await ended;
      throw whyItDied({ path, hung, timeoutMs, end, cause: error, lastLog: logs.tail() });
    } finally {
      callOff();
    }
  };

  const close = async () => {
    child.signalGroup("SIGKILL");
    await ended;
    endpoint.close("was closed");
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  };
  return { ask, close };
}

async function estimateAll(
  inspector: RemoteInspector,
  options: Readonly<Record<string, unknown>>,
  sources: readonly EstimateSource[],
): Promise<number[] | null> {
  const all: number[] = [];
  for (let at = 0; at < sources.length; at += MAX_SOURCES) {
    const batch = sources.slice(at, at + MAX_SOURCES);
    const bytes = await inspector.estimate({ options: { ...options }, sources: batch });
    if (bytes === null) return null;
    all.push(...bytes);
  }
  return all;
}

/** The host's end of a worker's channel: what we may call, what it may call, and what happens when it breaks the rules. Host. */
import { hostMethods, workerMethods, type Remote } from "../rpc/contract.ts";
import { guardedEndpoint } from "../rpc/guarded-endpoint.ts";
import { remote, serve } from "../rpc/remote.ts";
import { fairTimeout } from "./fair-clock.ts";
import { endedForProtocol } from "./end-reasons.ts";
import type { Ended } from "./explain-exit.ts";
import { hostService } from "./host-service.ts";
import type { WorkerProcess } from "./worker-process.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** A channel that closes is a death under way; a process that still lives after this has broken it. */
const CLOSED_MS = 1_000;

export type RemoteWorker = Remote<typeof workerMethods>;

export interface WorkerLink {
  readonly worker: RemoteWorker;
  /** Settles what is outstanding; nothing passes any more. */
  close(why: string): void;
}

export function linkWorker(
  record: WorkerRecord,
  child: WorkerProcess,
  kill: (ended: Ended) => void,
): WorkerLink {
  const peer = `worker ${record.spec.number} (pid ${child.pid})`;
  let callOff = () => {};
  const endpoint = guardedEndpoint({
    transport: child.transport,
    side: "host",
    peer,
    onProtocolError: (error) => kill(endedForProtocol(error)),
    onClose: () => {
      if (record.stopping || record.exited) return;
      record.channelLost = true;
      const error = new Error(`${peer} lost its channel to us and went on without it`);
      callOff = fairTimeout(CLOSED_MS, () => kill(endedForProtocol(error)));
    },
  });
  const worker = remote(endpoint, workerMethods);
  serve(
    endpoint,
    hostMethods,
    hostService(record, (error) => kill(endedForProtocol(error))),
  );
  return {
    worker,
    close: (why) => {
      callOff();
      endpoint.close(why);
    },
  };
}

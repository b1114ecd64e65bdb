/** The line of steps that wait for memory: the first is admitted when its price fits, or when nothing else runs. Host. */
import { mayAdmit, type Room } from "../schedule/admission.ts";
import type { WorkerHandle } from "../supervisor/port.ts";

/** The right to run, until it is given back. */
export interface Ticket {
  /** What the step may come to take in all; null: unknown. */
  price: number | null;
  /** Memory of the worker that has it, once there is one. */
  worker: Pick<WorkerHandle, "rssBytes" | "takePeak"> | null;
  done(): void;
}

export interface Admission {
  /** Waits in line; null when the signal came first. */
  admit(price: number | null, tradeKey: string, signal: AbortSignal): Promise<Ticket | null>;
  /** Whether anything runs: only then does a price matter. */
  readonly busy: boolean;
  /** Looks again: memory has changed. */
  look(): void;
}

export interface AdmissionOptions {
  /** Null: memory is not watched. */
  room(): Room | null;
  /** Memory of an idle worker of the trade. */
  warmBytes(tradeKey: string): number;
  /** Called while a step of the trade waits: idle workers of others hold what could be given to it. */
  makeRoom(tradeKey: string): void;
}

/** Between two looks while somebody waits: what is in use changes by itself. */
const LOOK_MS = 250;

interface Waiting {
  readonly price: number | null;
  readonly tradeKey: string;
  settle(ticket: Ticket | null): void;
}

export function createAdmission(options: AdmissionOptions): Admission {
  const running = new Set<Ticket>();
  const line: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  const isAdmitted = ({ price, tradeKey }: Waiting): boolean => {
    const admitted = [...running].map((ticket) => ({
      price: ticket.price,
      rssBytes: ticket.worker?.rssBytes ?? 0,
    }));
    return mayAdmit(price, options.warmBytes(tradeKey), admitted, options.room());
  };

  const look = () => {
    for (let first = line[0]; first !== undefined && isAdmitted(first); first = line[0]) {
      line.shift();
      first.settle(open(first.price));
    }
    const [waiting] = line;
    if (waiting === undefined || timer !== null) return;
    options.makeRoom(waiting.tradeKey);
    timer = setTimeout(() => {
      timer = null;
      look();
    }, LOOK_MS);
  };

  const open = (price: number | null): Ticket => {
    const ticket: Ticket = {
      price,
      worker: null,
      done: () => {
        if (running.delete(ticket)) look();
      },
    };
    running.add(ticket);
    return ticket;
  };

  return {
    admit(price, tradeKey, signal) {
      if (signal.aborted) return Promise.resolve(null);
      const { promise, resolve } = Promise.withResolvers<Ticket | null>();
      const leave = () => {
        line.splice(line.indexOf(waiting), 1);
        resolve(null);
        look();
      };
      const waiting: Waiting = {
        price,
        tradeKey,
        settle: (ticket) => {
          signal.removeEventListener("abort", leave);
          resolve(ticket);
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      line.push(waiting);
      look();
      return promise;
    },
    get busy() {
      return running.size > 0 || line.length > 0;
    },
    look,
  };
}

/** How a suite gets a fresh, empty ledger: each implementation brings its own. Types only. */
import type { Ledger } from "../../../src/ledger/port.ts";

export type WithLedger = <T>(body: (ledger: Ledger) => Promise<T>) => Promise<T>;

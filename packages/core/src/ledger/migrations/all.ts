/** Every schema change in order: the number of a migration is its place in this list, counted from 1. Pure. */
import { first } from "./001-first.ts";
import { tallies } from "./002-tallies.ts";
import { checkpointAge } from "./003-checkpoint-age.ts";

export const migrations: readonly string[] = [first, tallies, checkpointAge];

/** Schema this program writes. */
export const SCHEMA_VERSION = migrations.length;

/** Marks our files for `file(1)` and for us: "KCLG". */
export const APPLICATION_ID = 0x4b434c47;

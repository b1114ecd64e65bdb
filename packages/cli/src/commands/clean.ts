/** `kc clean`: removes what a home no longer needs, and says what. I/O. */
import {
  cleanHome,
  ledgerFolderOf,
  lockHome,
  openLedger,
  planCleaning,
  printable,
  UserError,
  type CleanPlan,
} from "@knowledge-chipper/core";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { bytesText } from "../print/style.ts";
import { readSettings } from "../settings.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

export interface CleanFlags {
  readonly dryRun?: boolean;
  readonly olderThan?: number;
  readonly maxSize?: number;
  readonly models?: boolean;
  readonly jobs?: boolean;
}

export async function clean(flags: CleanFlags, global: GlobalFlags): Promise<number> {
  if (global.server !== undefined)
    throw new UserError("bad_usage", "kc clean works on a home of this machine");
  const { home, config } = await readSettings(global);
  if (!existsSync(join(ledgerFolderOf(home), "ledger.db"))) {
    print(emptyPlan, flags, global);
    return exitCodes.done;
  }
  const days = flags.olderThan ?? config.checkpoint_system.retention_days;
  const options = {
    before: Date.now() - days * DAY_MS,
    mostBytes: flags.maxSize === undefined ? null : flags.maxSize * 1e9,
    models: flags.models === true,
    jobs: flags.jobs === true,
  };
  // Looking needs no lock; removing does, or a job could begin to need what goes.
  const locked = flags.dryRun === true ? null : await lockHome({ home, config, env: process.env });
  try {
    const { ledger } = await openLedger({
      home: locked?.folder ?? ledgerFolderOf(home),
      readOnly: locked === null,
      held: locked !== null,
    });
    try {
      const plan = await planCleaning(home, ledger, options);
      if (locked !== null) await cleanHome(plan, ledger, options.before);
      print(plan, flags, global);
    } finally {
      await ledger.close();
    }
  } finally {
    locked?.release();
  }
  return exitCodes.done;
}

const emptyPlan: CleanPlan = {
  files: [],
  jobs: [],
  checkpoints: 0,
  dossiers: 0,
  modelsKept: false,
};

function print(plan: CleanPlan, { dryRun }: CleanFlags, { json, quiet }: GlobalFlags): void {
  const bytes = plan.files.reduce((sum, file) => sum + file.bytes, 0);
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ ...plan, bytes, removed: dryRun !== true })}\n`);
    return;
  }
  const lines = [
    ...plan.files.map(
      ({ kind, path, bytes: size }) =>
        `  ${kind.padEnd(12)}${bytesText(size).padStart(8)}  ${printable(path)}`,
    ),
    ...plan.jobs.map(({ id, name }) => `  ${"job".padEnd(22)}${id}  ${printable(name)}`),
    `${dryRun === true ? "Would remove" : "Removed"} ${plan.files.length} files (${bytesText(bytes)}), ${plan.jobs.length} jobs, ${plan.checkpoints} checkpoints, ${plan.dossiers} crash dossiers. Outputs stay.`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  if (plan.modelsKept && quiet !== true)
    process.stderr.write("kc: models stay: a job that is not over may want them\n");
}

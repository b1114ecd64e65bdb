/** The archive for a support request: the diagnosis, settings and the ends of logs, without secrets and user names. Host, I/O. */
import { existsSync } from "node:fs";
import { hostname, homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { Env } from "../config/home.ts";
import { replaceFile } from "../config/replace-file.ts";
import { readLogTail } from "../engine/read-log.ts";
import { UserError } from "../model/user-error.ts";
import type { DiagnosticsReport } from "./generate.ts";
import { redactor } from "./redact.ts";
import { diagnosticsText } from "./report-text.ts";

const SERVE_LINES = 500;

export interface BundleEntry {
  readonly name: string;
  readonly bytes: number;
  readonly what: string;
}

export interface WrittenBundle {
  readonly file: string;
  readonly bytes: number;
  readonly entries: readonly BundleEntry[];
  /** What was left out or taken out, one sentence each. */
  readonly removed: readonly string[];
}

const removed = [
  "Left out: inputs, outputs, the ledger, and what single attempts printed.",
  "Taken out: values of settings and variables that look like keys, tokens or passwords; user and host names; your own folder (now ~).",
  "Still in it: names and paths of files that you processed, as far as errors and logs name them. Look before you send it.",
] as const;

/** @throws UserError when `file` exists */
export async function writeBundle(
  file: string,
  report: DiagnosticsReport,
  env: Env = process.env,
): Promise<WrittenBundle> {
  const path = resolve(file);
  if (existsSync(path))
    throw new UserError("file_exists", `${path} exists; choose another name, or remove it`);
  const clean = redactor({
    homeDir: env["HOME"] ?? homedir(),
    userName: nameOfUser(),
    hostName: hostname(),
    env,
  });
  const { log, crashes, settings, ...rest } = report;
  const serve = await readLogTail(join(report.home, "logs", "serve.log"), SERVE_LINES);
  const parts: readonly (readonly [name: string, what: string, text: string])[] = [
    ["report.txt", "the diagnosis", diagnosticsText(report)],
    ["report.json", "the same for programs", json(rest)],
    ["settings.json", "every setting with its source", json(settings)],
    ["crashes.json", "the last crashes with their dossiers", json(crashes)],
    ["knowledge_system.log", "the end of the run's log", lines(log)],
    ["serve.log", "the end of what a server said", lines(serve)],
  ];
  const texts = parts.map(([name, what, text]) => ({ name, what, text: clean(text) }));
  const list = texts.map(({ name, what }) => `  ${name.padEnd(22)}${what}`);
  const readme = [`Knowledge Chipper, ${report.generatedAt}`, "", ...list, "", ...removed, ""];
  const all = [{ name: "README.txt", what: "what is in it", text: readme.join("\n") }, ...texts];
  const files = Object.fromEntries(all.map(({ name, text }) => [`kc-diagnostics/${name}`, text]));
  const archive = await new Bun.Archive(files, { compress: "gzip" }).bytes();
  await replaceFile(path, archive);
  const entries = all.map(({ name, what, text }) => ({
    name,
    what,
    bytes: Buffer.byteLength(text),
  }));
  return { file: path, bytes: archive.byteLength, entries, removed };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function lines(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join("");
}

/** In a container a user may have no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

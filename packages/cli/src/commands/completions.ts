/** `kc completions`: a script for the shell, made of the tree of verbs and flags. I/O only to print. */
import { UserError } from "@knowledge-chipper/core/reading";
import type { Command, Option } from "commander";
import { bashScript } from "../completions/bash.ts";
import { fishScript } from "../completions/fish.ts";
import type { Verb } from "../completions/verb.ts";
import { zshScript } from "../completions/zsh.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export function completions(shell: string, program: Command, global: GlobalFlags): number {
  if (!Object.hasOwn(scripts, shell))
    throw new UserError("bad_usage", `kc completions takes bash, zsh or fish, not ${shell}`);
  const script = scripts[shell as keyof typeof scripts](verbsOf(program));
  process.stdout.write(global.json === true ? `${JSON.stringify({ shell, script })}\n` : script);
  return exitCodes.done;
}

/** Every verb with its path from the program, the program itself (empty path) first. */
function verbsOf(program: Command): Verb[] {
  const shared = flagsOf(program.options);
  const walk = (command: Command, path: readonly string[]): Verb[] => {
    const inner = command.commands.filter((one) => one.name() !== "help");
    const verb: Verb = {
      path,
      summary: oneLine(command.summary() || command.description()),
      flags: path.length === 0 ? shared : [...flagsOf(command.options), ...shared],
      verbs: inner.map((one) => ({ name: one.name(), summary: oneLine(one.summary()) })),
    };
    return [verb, ...inner.flatMap((one) => walk(one, [...path, one.name()]))];
  };
  return walk(program, []);
}

function flagsOf(options: readonly Option[]): Verb["flags"] {
  return options.map(({ short, long, description, argChoices, required, optional }) => ({
    names: [short, long].filter((name) => name !== undefined),
    summary: oneLine(description),
    takesValue: required || optional,
    choices: argChoices ?? [],
  }));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** Declares `kc models`; the work is loaded when it is asked for. Pure. */
import type { Command } from "commander";

export function declareModels(program: Command): void {
  const models = program
    .command("models")
    .summary("speech models: list, pull, verify, path, remove")
    .description(
      "Whisper models for the engines whisper and whisper-cli. They lie in the folder models of the home; nothing is downloaded but by `kc models pull`.",
    );

  models
    .command("list", { isDefault: true })
    .summary("models that can be had, and which are here")
    .action(async (_flags: object, command: Command) => {
      const { listModels } = await import("./models.ts");
      process.exitCode = await listModels(command.optsWithGlobals());
    });

  models
    .command("pull <name...>")
    .summary("download models; goes on where an earlier pull stopped")
    .option("--mirror <url>", "another place with the same files (default: $KC_MODELS_MIRROR)")
    .action(async (names: string[], flags: { mirror?: string }, command: Command) => {
      const { pullModels } = await import("./models-pull.ts");
      process.exitCode = await pullModels(names, flags, command.optsWithGlobals());
    });

  models
    .command("verify [name...]")
    .summary("check the models that are here, byte for byte")
    .action(async (names: string[], _flags: object, command: Command) => {
      const { verifyModels } = await import("./models.ts");
      process.exitCode = await verifyModels(names, command.optsWithGlobals());
    });

  models
    .command("path [name]")
    .summary("where models, or one of them, lie")
    .action(async (name: string | undefined, _flags: object, command: Command) => {
      const { modelPath } = await import("./models.ts");
      process.exitCode = await modelPath(name, command.optsWithGlobals());
    });

  models
    .command("remove <name...>")
    .summary("delete models from the home, and what came of unfinished pulls")
    .action(async (names: string[], _flags: object, command: Command) => {
      const { removeModels } = await import("./models.ts");
      process.exitCode = await removeModels(names, command.optsWithGlobals());
    });
}

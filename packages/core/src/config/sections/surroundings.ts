/** `output`, `logging`, `plugins`, `server` and `health`. Shared, pure. */
import { z } from "zod";
import { count, flag } from "./values.ts";

export const output = z
  .object({
    directory: z
      .string()
      .min(1)
      .default("./output")
      .describe("Folder of the outputs; a relative one starts at the folder you are in."),
    overwrite: z
      .enum(["never", "ours", "ask"])
      .default("ours")
      .describe("What may be replaced there. ours: only what we wrote and nobody changed."),
    cache: flag(true, "Take a result that is there already for the same input and options."),
  })
  .describe("Where results go.");

export const logging = z
  .object({
    level: z
      .enum(["debug", "info", "warn", "error"])
      .default("info")
      .describe("The least important messages that are written."),
    max_size_mb: z
      .number()
      .min(0.1)
      .max(100_000)
      .default(10)
      .describe("Size at which a log file is set aside and a new one begun. MB."),
    keep: count(5, 0, 1_000, "Old log files kept."),
  })
  .describe("The log in the home's folder logs.");

export const plugins = z
  .object({
    sandbox: z
      .enum(["auto", "on", "off"])
      .default("auto")
      .describe(
        "Keep processors from the network and the rest of the disk. auto: where it can be.",
      ),
    grants: z
      .record(z.string().min(1), z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)))
      .default({})
      .describe("Environment variables that a third-party processor may see, by its name."),
  })
  .describe("What processors may do.");

export const server = z
  .object({
    host: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .describe(
        "Address to listen on, if there is a port. Others than this machine need the token.",
      ),
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .nullable()
      .default(null)
      .describe("TCP port of API and web page; 0: any free one. null: only the home's socket."),
  })
  .describe("The server.");

export const health = z
  .object({
    window_hours: z
      .number()
      .min(0.01)
      .max(8_760)
      .default(1)
      .describe("Time that the health figures look back over. Hours."),
    minimum_events: count(
      3,
      1,
      1_000_000,
      "Events of a kind below which a figure says that there is no data yet.",
    ),
  })
  .describe("The health figures.");

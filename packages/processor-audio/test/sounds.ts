/** Makes recordings for the tests with the real tools, in a folder that is removed afterwards. Test side; starts processes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wavBytes } from "../src/pieces/wav-bytes.ts";

export const flite = Bun.which("flite");
export const ffmpeg = Bun.which("ffmpeg");
export const pocketsphinx = Bun.which("pocketsphinx_continuous");

/** Both ways to read a recording; `test.skipIf(decoder.missing)` and `decoder.label` name what one needs. */
export const DECODERS = [
  { choice: "wasm", label: "wasm", missing: false },
  { choice: "ffmpeg", label: "ffmpeg, needs ffmpeg", missing: !ffmpeg },
] as const;

/** Grants a PATH without any program. */
export const NO_TOOLS = { PATH: "" } as const;

export async function testFolder() {
  const path = await mkdtemp(join(tmpdir(), "kc-audio-"));
  return {
    path,
    file: (name: string) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

export async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`${command[0]} failed: ${said}`);
}

/** A voice that pocketsphinx understands, as a 16 kHz wav file. */
export async function speak(text: string, path: string): Promise<string> {
  await run("flite", "-voice", "kal16", "-t", text, "-o", path);
  return path;
}

export async function convert(from: string, to: string, ...options: string[]): Promise<string> {
  await run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", from, ...options, to);
  return to;
}

/** Sound that the voice detector takes for a voice: bursts of a buzzing vowel, with pauses. Needs no tool. */
export function babble(seconds: number, pauseEvery = 2.5): Int16Array {
  const samples = new Int16Array(Math.round(seconds * 16_000));
  for (let i = 0; i < samples.length; i += 1) {
    const time = i / 16_000;
    if (time % pauseEvery > pauseEvery - 0.4) continue;
    const pitch = 110 + 20 * Math.sin(2 * Math.PI * 1.3 * time);
    const phase = (time * pitch) % 1;
    const syllable = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * time);
    const formants = Math.sin(phase * 2 * Math.PI * 5) + Math.sin(phase * 2 * Math.PI * 10) / 2;
    samples[i] = Math.round(9000 * syllable * Math.exp(-3 * phase) * formants);
  }
  return samples;
}

export async function writeBabble(path: string, seconds: number): Promise<string> {
  await Bun.write(path, wavBytes(babble(seconds)));
  return path;
}

export async function collect(samples: AsyncIterable<Int16Array>): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  for await (const chunk of samples) chunks.push(chunk.slice());
  const all = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** How alike two recordings are at the same place: 1 for the same, 0 for unrelated ones. */
export function likeness(a: Int16Array, b: Int16Array): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Share of the wanted words that were heard, in any place. */
export function wordOverlap(wanted: string, heard: string): number {
  const words = (text: string) => text.toLowerCase().match(/[a-z']+/g) ?? [];
  const known = new Set(words(heard));
  const all = words(wanted);
  return all.filter((word) => known.has(word)).length / all.length;
}

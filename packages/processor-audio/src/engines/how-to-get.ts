/** How to get a speech engine, in the words that every message uses. Shared, pure. */
import { findModel } from "../models/catalogue.ts";
import { sizeText } from "../models/model-error.ts";

export const HOW_TO_GET_POCKETSPHINX =
  "install one with `apt-get install pocketsphinx pocketsphinx-en-us` (Debian, Ubuntu; English only)";

export const HOW_TO_SET_ENDPOINT =
  "name a transcription server with `--set audio.endpoint=http://127.0.0.1:8080/v1`";

export const HOW_TO_GET_WHISPER_CLI =
  "build or install whisper.cpp, so that whisper-cli is on the PATH";

/** Nothing is downloaded unasked: this is how to ask. */
export function howToPull(name: string): string {
  const model = findModel(name) ?? findModel("base");
  if (model === undefined) return "see `kc models list`";
  const other = model.name === name ? "" : ", or see `kc models list`";
  return `get a whisper model with \`kc models pull ${model.name}\` (${sizeText(model.bytes)})${other}`;
}

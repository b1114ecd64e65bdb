/** How to get a speech engine, in the words that every message uses. Shared, pure. */

export const HOW_TO_GET_POCKETSPHINX =
  "install one with `apt-get install pocketsphinx pocketsphinx-en-us` (Debian, Ubuntu)";

export const HOW_TO_SET_ENDPOINT =
  "name a transcription server with `--set audio.endpoint=http://127.0.0.1:8080/v1`";

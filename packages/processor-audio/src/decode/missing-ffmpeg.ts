/** The errors for what cannot be read without ffmpeg. Shared, pure. */
import { PermanentError, RequirementError } from "@knowledge-chipper/plugin-sdk";

export const HOW_TO_GET_FFMPEG =
  "install it with `apt-get install ffmpeg` (Debian, Ubuntu) or `brew install ffmpeg` (macOS)";

/** For who asked for the built-in decoders alone. */
export function beyondBuiltIn(subject: string): PermanentError {
  return new PermanentError(
    `the built-in decoders cannot read ${subject}: set the option \`decoder\` to auto, so that ffmpeg reads it`,
    { code: "not_built_in" },
  );
}

/** @param subject what it would read, e.g. `this m4a file` */
export function missingFfmpeg(subject: string): RequirementError {
  return new RequirementError(
    "ffmpeg",
    `only ffmpeg can read ${subject}; ${HOW_TO_GET_FFMPEG}, or convert the recording to wav, mp3, flac or ogg`,
  );
}

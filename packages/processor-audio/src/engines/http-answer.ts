/** Reads the answer of a transcription server; relies on nothing but text and times. Shared, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";
import type { Heard, Segment } from "./engine.ts";
import { quote, type Answer } from "./http-post.ts";

const segment = z.object({
  start: z.number(),
  end: z.number(),
  text: z.string(),
  speaker: z.string().nullish(),
});

const transcription = z.object({
  text: z.string(),
  language: z.string().nullish(),
  segments: z.array(segment).nullish(),
});

/**
 * @throws PermanentError when the server is not what it should be or refuses the request
 * @throws Error when it said nothing, which may be a hiccup
 */
export function readTranscription(answer: Answer, shown: string, label: string): Heard {
  if (answer.status < 200 || answer.status > 299) {
    throw new PermanentError(
      `${shown} refused ${label} with ${answer.status}${quote(answer.body)}; check the options endpoint, model and language`,
      { code: "transcription_refused" },
    );
  }
  if (answer.body.trim() === "") throw new Error(`${shown} gave an empty answer to ${label}`);
  const parsed = transcription.safeParse(parseJson(answer.body));
  if (!parsed.success) throw notATranscription(answer, shown);

  const { text, language, segments } = parsed.data;
  const heard = segments?.map(withoutNull) ?? [{ start: 0, end: Number.POSITIVE_INFINITY, text }];
  return language ? { segments: heard, language } : { segments: heard };
}

function withoutNull({ speaker, ...rest }: z.output<typeof segment>): Segment {
  return speaker ? { ...rest, speaker } : rest;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notATranscription(answer: Answer, shown: string): PermanentError {
  const page = /html/i.test(answer.contentType) || /^\s*</.test(answer.body);
  const what = page ? "a web page" : "no transcription";
  return new PermanentError(
    `${shown} answered with ${what}${quote(answer.body)}; \`endpoint\` should be the address of a transcription server, which mostly ends in /v1`,
    { code: "not_a_transcription_server" },
  );
}

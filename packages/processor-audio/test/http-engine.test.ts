/** Behaviour of the http engine towards servers that work, are busy, broken, silent or something else. */
import { describe, expect, test } from "bun:test";
import { RetryLaterError } from "@knowledge-chipper/plugin-sdk";
import { findHttpEngine } from "../src/engines/http.ts";
import { audioOptions } from "../src/options.ts";
import { wavBytes } from "../src/pieces/wav-bytes.ts";
import { openEngine } from "./engine-context.ts";
import { speechServer, type Behaviour } from "./speech-server.ts";

const never = new AbortController().signal;
const wav = wavBytes(new Int16Array(32_000));

const open = (options: Record<string, unknown>, env: Record<string, string> = {}) =>
  openEngine(findHttpEngine, options, env);

/** One piece to a server that behaves so; what came of it, and the server. */
async function send(behaviours: Behaviour[], options: Record<string, unknown> = {}) {
  await using server = speechServer(...behaviours);
  const { engine, warnings } = await open({ endpoint: server.endpoint, ...options });
  const result = await engine.transcribe(wav, "the piece at 01:30", never).then(
    (heard) => ({ heard, error: undefined }),
    (error: Error) => ({ heard: undefined, error }),
  );
  return { ...result, requests: server.seen.length, warnings };
}

describe("a server that works", () => {
  test("gets a named wav file, model and language, and its segments come back", async () => {
    await using server = speechServer("good");
    const options = { endpoint: server.endpoint, model: "small", language: "en" };
    const { engine, extended } = await open(options, { OPENAI_API_KEY: "secret" });
    const heard = await engine.transcribe(wav, "a piece", never);
    expect(heard.language).toBe("english");
    expect(heard.segments.map((each) => each.start)).toEqual([0, 1]);
    expect(server.seen).toEqual([
      {
        fileName: "audio.wav",
        seconds: 2,
        fields: {
          model: "small",
          response_format: "verbose_json",
          temperature: "0",
          language: "en",
        },
        authorization: "Bearer secret",
      },
    ]);
    expect(extended).toEqual([300_000]);
  });

  test("needs no key", async () => {
    await using server = speechServer("good");
    await (
      await open({ endpoint: `${server.endpoint}/audio/transcriptions/` })
    ).engine.transcribe(wav, "", never);
    expect(server.seen[0]?.authorization).toBeNull();
  });
});

describe("a server in trouble", () => {
  test("that is busy for a moment is asked again after its Retry-After", async () => {
    const { heard, requests, warnings } = await send(["busy", "busy", "good"]);
    expect(heard?.segments).toHaveLength(2);
    expect(requests).toBe(3);
    expect(warnings[0]).toContain(
      "answered 429 to the piece at 01:30: slow down; trying again in 0 s",
    );
  });

  test("that is busy for long gives the step back for that time, without more requests", async () => {
    const { error, requests } = await send(["busy-long"]);
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(error).toMatchObject({ delayMs: 120_000 });
    expect(requests).toBe(1);
  });

  test("that fails is asked three times, and then the step may be tried again", async () => {
    const { error, requests } = await send(["broken"]);
    expect(error?.message).toMatch(
      /^http:.*\/v1\/audio\/transcriptions answered 500 to the piece at 01:30: out of memory$/,
    );
    expect(error).not.toHaveProperty("code", "permanent");
    expect(requests).toBe(3);
  });

  test("that never answers is given up after the time that was set", async () => {
    await using server = speechServer("hang");
    const { engine } = await open({ endpoint: server.endpoint, timeoutSeconds: 1 });
    const stop = new AbortController();
    const answer = engine.transcribe(wav, "the piece at 00:00", stop.signal);
    await server.nextRequest();
    await server.nextRequest(); // the first one was given up
    stop.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
  });

  test("that is not there is named", async () => {
    const { endpoint } = await closedServer();
    const { engine } = await open({ endpoint });
    await expect(engine.transcribe(wav, "the piece at 00:00", never)).rejects.toThrow(
      `${endpoint}/audio/transcriptions gave no usable answer to the piece at 00:00`,
    );
  });
});

describe("a server that is something else", () => {
  test.each([
    ["html", "not_a_transcription_server", /answered with a web page.*mostly ends in \/v1/],
    ["no-model", "transcription_refused", /refused the piece at 01:30 with 404.*model not found/],
    ["no-key", "requirement_missing", /put a valid key into OPENAI_API_KEY/],
  ] as const)("(%s) is not asked again", async (behaviour, code, message) => {
    const { error, requests } = await send([behaviour]);
    expect(error).toMatchObject({ code });
    expect(error?.message).toMatch(message);
    expect(requests).toBe(1);
  });

  test("an empty answer may be a hiccup", async () => {
    const { error } = await send(["empty"]);
    expect(error?.message).toContain("gave an empty answer to the piece at 01:30");
    expect(error).not.toHaveProperty("code");
  });
});

describe("what leaves the machine", () => {
  test("nothing, unless somebody named a server", () => {
    const env = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
    expect(findHttpEngine(audioOptions.parse({}), env)).toMatchObject({ found: false });
  });

  test("a key of one's own that is not granted is asked for before anything is sent", () => {
    const options = audioOptions.parse({ endpoint: "http://h/v1", apiKeyEnv: "KC_STT_API_KEY" });
    expect(findHttpEngine(options, {})).toMatchObject({
      found: false,
      howToGet: "set KC_STT_API_KEY and grant it to the audio processor",
    });
  });

  test("the log never shows a password of the address", () => {
    const options = audioOptions.parse({ endpoint: "http://me:hush@h/v1?key=hush" });
    expect(findHttpEngine(options, {}).why).toBe("`endpoint` is http://h/v1");
  });
});

async function closedServer() {
  await using server = speechServer("good");
  return { endpoint: server.endpoint };
}

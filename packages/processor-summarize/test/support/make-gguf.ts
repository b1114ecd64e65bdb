/** Writes a small language model of the llama kind with random weights, good or broken: its words mean nothing, its engine is the real one. For tests; pure. */

/** What is wrong with it. */
export type GgufFault = "none" | "no-heads" | "no-kv-heads" | "endless-list" | "slow" | "cut";

const EMBEDDING = 64;
const FEED_FORWARD = 128;
const HEADS = 4;

const STRING = 8;
const FLOAT = 6;
const UINT = 4;
const INT = 5;
const ARRAY = 9;

interface Tensor {
  readonly name: string;
  readonly size: readonly number[];
  /** Middle and spread of its weights. */
  readonly base: number;
  readonly spread: number;
}

/** The bytes of a model file, always the same for the same fault. */
export function makeGguf(fault: GgufFault = "none"): Uint8Array {
  const tokens = vocabulary();
  // A slow one has many layers, and what ends an answer is a token it hardly ever writes.
  const layers = fault === "slow" ? 12 : 2;
  const all = tensors(tokens.length, layers);
  const properties = [
    text("general.architecture", "llama"),
    text("general.name", "synthetic"),
    uint("llama.context_length", 4096),
    uint("llama.embedding_length", EMBEDDING),
    uint("llama.block_count", layers),
    uint("llama.feed_forward_length", FEED_FORWARD),
    uint("llama.attention.head_count", fault === "no-heads" ? 0 : HEADS),
    uint("llama.attention.head_count_kv", fault === "no-kv-heads" ? 0 : HEADS),
    float("llama.attention.layer_norm_rms_epsilon", 1e-5),
    uint("llama.rope.dimension_count", EMBEDDING / HEADS),
    uint("llama.vocab_size", tokens.length),
    uint("general.file_type", 0),
    text("tokenizer.ggml.model", "llama"),
    list("tokenizer.ggml.tokens", STRING, tokens.map(string)),
    list(
      "tokenizer.ggml.scores",
      FLOAT,
      tokens.map((_, i) => f32(-i)),
      fault === "endless-list" ? 2 ** 31 : tokens.length,
    ),
    list(
      "tokenizer.ggml.token_type",
      INT,
      tokens.map((_, i) => u32(i === 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1)),
    ),
    uint("tokenizer.ggml.bos_token_id", 1),
    uint("tokenizer.ggml.eos_token_id", fault === "slow" ? 0 : 2),
    uint("tokenizer.ggml.unknown_token_id", 0),
  ];
  let offset = 0;
  const index = all.map(({ name, size }) => {
    const at = offset;
    offset += padded(weightsIn(size) * 4);
    return Buffer.concat([string(name), u32(size.length), ...size.map(u64), u32(0), u64(at)]);
  });
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(3),
    u64(all.length),
    u64(properties.length),
    ...properties,
    ...index,
  ]);
  const random = randomNumbers();
  const weights = all.map(({ size, base, spread }) => {
    const values = Float32Array.from({ length: weightsIn(size) }, () => base + random() * spread);
    return pad(Buffer.from(values.buffer));
  });
  const file = Buffer.concat([pad(head), ...weights]);
  return fault === "cut" ? file.subarray(0, file.length / 2) : file;
}

/** Three special tokens, all bytes, and some words. */
function vocabulary(): string[] {
  const bytes = Array.from(
    { length: 256 },
    (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const words =
    "the a of to and in is that it for on as with was at by an be this are from or summary topic point"
      .split(" ")
      .map((word) => `▁${word}`);
  return ["<unk>", "<s>", "</s>", ...bytes, ...words, "▁", ..."abcdefghijklmnopqrstuvwxyz.,"];
}

function tensors(vocabularySize: number, layers: number): Tensor[] {
  const tensor = (name: string, size: readonly number[], base = 0, spread = 0.3): Tensor => ({
    name,
    size,
    base,
    spread,
  });
  const square = [EMBEDDING, EMBEDDING];
  return [
    tensor("token_embd.weight", [EMBEDDING, vocabularySize]),
    tensor("output_norm.weight", [EMBEDDING], 1, 0.1),
    tensor("output.weight", [EMBEDDING, vocabularySize], 0, 2),
    ...Array.from({ length: layers }, (_, i) => `blk.${i}`).flatMap((layer) => [
      tensor(`${layer}.attn_norm.weight`, [EMBEDDING], 1, 0.1),
      ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name) =>
        tensor(`${layer}.${name}.weight`, square),
      ),
      tensor(`${layer}.ffn_norm.weight`, [EMBEDDING], 1, 0.1),
      tensor(`${layer}.ffn_gate.weight`, [EMBEDDING, FEED_FORWARD]),
      tensor(`${layer}.ffn_up.weight`, [EMBEDDING, FEED_FORWARD]),
      tensor(`${layer}.ffn_down.weight`, [FEED_FORWARD, EMBEDDING]),
    ]),
  ];
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}
function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}
function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
function text(key: string, value: string): Buffer {
  return Buffer.concat([string(key), u32(STRING), string(value)]);
}
function uint(key: string, value: number): Buffer {
  return Buffer.concat([string(key), u32(UINT), u32(value)]);
}
function float(key: string, value: number): Buffer {
  return Buffer.concat([string(key), u32(FLOAT), f32(value)]);
}
function list(key: string, type: number, items: readonly Buffer[], length = items.length): Buffer {
  return Buffer.concat([string(key), u32(ARRAY), u32(type), u64(length), ...items]);
}
function weightsIn(size: readonly number[]): number {
  return size.reduce((product, each) => product * each, 1);
}
function padded(bytes: number): number {
  return Math.ceil(bytes / 32) * 32;
}
function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]);
}

/** Numbers from -0.5 to 0.5. */
function randomNumbers(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** Writes whisper models of random numbers, a few MB, in the format of whisper.cpp: the real engine runs on them and talks nonsense. Test side; writes files. */
import { open, type FileHandle } from "node:fs/promises";

const WORDS = 50_256;
const HEADER = {
  words: 51_864,
  audioContext: 1500,
  state: 32,
  textContext: 448,
  layers: 4,
  mels: 80,
};

export interface ModelFaults {
  /** Heads of the audio part; 2 is right, 3 do not divide its width and abort the engine when it works. */
  readonly audioHeads?: number;
  /** Number type of the weights; 1 is right, 99 aborts the engine when it loads. */
  readonly numberType?: number;
  /** The vocabulary says that a word is so long, which the engine believes. */
  readonly wordBytes?: number;
}

/** The same bytes in every run; `seed` makes others. */
export async function writeWhisperModel(
  path: string,
  faults: ModelFaults = {},
  seed = 42,
): Promise<string> {
  await using file = await open(path, "w");
  const { words, audioContext, state, textContext, layers, mels } = HEADER;
  const heads = faults.audioHeads ?? 2;
  await integers(
    file,
    0x67676d6c,
    words,
    audioContext,
    state,
    heads,
    layers,
    textContext,
    state,
    2,
    layers,
    mels,
    faults.numberType ?? 1,
  );
  await integers(file, mels, 201);
  await file.write(melFilter());
  if (faults.wordBytes !== undefined) {
    await integers(file, 5, faults.wordBytes);
    return path;
  }
  await integers(file, WORDS);
  await file.write(vocabulary());
  const random = randomNumbers(seed);
  for (const tensor of tensors()) await writeTensor(file, tensor, random);
  return path;
}

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly base: number;
}

function* tensors(): Generator<Tensor> {
  const { state, audioContext, textContext, words, mels, layers } = HEADER;
  const small = 0.08;
  const make = (name: string, shape: number[], scale = small, base = 0) => ({
    name,
    shape,
    scale,
    base,
  });
  const norm = (name: string) => [
    make(`${name}.weight`, [state], 0.1, 1),
    make(`${name}.bias`, [state]),
  ];
  const attention = (name: string) => [
    make(`${name}.query.weight`, [state, state], 0.5),
    make(`${name}.query.bias`, [state]),
    make(`${name}.key.weight`, [state, state], 0.5),
    make(`${name}.value.weight`, [state, state], 0.5),
    make(`${name}.value.bias`, [state]),
    make(`${name}.out.weight`, [state, state], 0.5),
    make(`${name}.out.bias`, [state]),
  ];
  const perceptron = (name: string) => [
    make(`${name}.0.weight`, [state, 4 * state], 0.5),
    make(`${name}.0.bias`, [4 * state]),
    make(`${name}.2.weight`, [4 * state, state], 0.5),
    make(`${name}.2.bias`, [state]),
  ];
  yield make("encoder.positional_embedding", [state, audioContext]);
  yield make("encoder.conv1.weight", [3, mels, state]);
  yield make("encoder.conv1.bias", [1, state]);
  yield make("encoder.conv2.weight", [3, state, state]);
  yield make("encoder.conv2.bias", [1, state]);
  yield* norm("encoder.ln_post");
  for (let i = 0; i < layers; i += 1) {
    const block = `encoder.blocks.${i}`;
    yield* [...norm(`${block}.mlp_ln`), ...perceptron(`${block}.mlp`)];
    yield* [...norm(`${block}.attn_ln`), ...attention(`${block}.attn`)];
  }
  yield make("decoder.positional_embedding", [state, textContext], 2);
  yield make("decoder.token_embedding.weight", [state, words], 1);
  yield* norm("decoder.ln");
  for (let i = 0; i < layers; i += 1) {
    const block = `decoder.blocks.${i}`;
    yield* [...norm(`${block}.mlp_ln`), ...perceptron(`${block}.mlp`)];
    yield* [...norm(`${block}.attn_ln`), ...attention(`${block}.attn`)];
    yield* [...norm(`${block}.cross_attn_ln`), ...attention(`${block}.cross_attn`)];
  }
}

/** Matrices are half as precise as the rest, as in the published models. */
async function writeTensor(
  file: FileHandle,
  { name, shape, scale, base }: Tensor,
  random: () => number,
) {
  const isHalf = shape.length >= 2 && !/positional|bias/.test(name);
  await integers(file, shape.length, name.length, isHalf ? 1 : 0, ...shape);
  const values = Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    () => base + random() * scale,
  );
  const numbers = isHalf ? new Float16Array(values) : new Float32Array(values);
  await file.write(Buffer.concat([Buffer.from(name), Buffer.from(numbers.buffer)]));
}

async function integers(file: FileHandle, ...values: number[]): Promise<void> {
  await file.write(Buffer.from(new Int32Array(values).buffer));
}

function melFilter(): Buffer {
  const filter = new Float32Array(80 * 201);
  for (let mel = 0; mel < 80; mel += 1) {
    const centre = 2 + mel * 2.45;
    for (let bin = 0; bin < 201; bin += 1) {
      filter[mel * 201 + bin] = Math.max(0, 1 - Math.abs(bin - centre) / 3) * 0.02;
    }
  }
  return Buffer.from(filter.buffer);
}

function vocabulary(): Buffer {
  const entries = Array.from({ length: WORDS }, (_, i) => {
    const word = Buffer.from(i < 256 ? String.fromCharCode(32 + (i % 90)) : ` word${i}`);
    const length = Buffer.alloc(4);
    length.writeInt32LE(word.length);
    return Buffer.concat([length, word]);
  });
  return Buffer.concat(entries);
}

/** -0.5 to 0.5. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296 - 0.5;
  };
}

/** Damaged copies of a sample file, the same on every run: what a processor meets after a full disk or a bad download. I/O. */
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";

/** Writes an empty, a halved, a garbled and a wholly random copy, each with the sample's name in a folder of its own. */
export async function damagedCopies(sample: string, folder: string) {
  const bytes = new Uint8Array(await Bun.file(sample).arrayBuffer());
  const copies: { damage: string; path: string }[] = [];
  for (const [damage, damaged] of Object.entries({
    empty: new Uint8Array(),
    halved: bytes.subarray(0, Math.ceil(bytes.length / 2)),
    garbled: garbled(bytes),
    random: Uint8Array.from({ length: Math.max(bytes.length, 1024) }, noise(1)),
  })) {
    const path = join(folder, damage, basename(sample));
    await mkdir(join(folder, damage), { recursive: true });
    await Bun.write(path, damaged);
    copies.push({ damage, path });
  }
  return copies;
}

/** About one byte in fifty replaced, and the first kept: the type by content often survives. */
function garbled(bytes: Uint8Array): Uint8Array {
  const random = noise(7);
  return bytes.map((byte, i) => (i > 3 && random() < 5 ? random() : byte));
}

/** Bytes of a linear congruential generator (constants of Numerical Recipes). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
}

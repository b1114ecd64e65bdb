/** Rewrites a mov file so that its sound lies in another file, by an alias as QuickTime wrote them. Test side, pure. */

const PARENTS = ["moov", "trak", "mdia", "minf", "dinf", "dref"] as const;

/** @param mov with its index after the sound, and one track; @param target name of a file in the same folder, up to 63 bytes */
export function pointOutward(mov: Uint8Array, target: string): Uint8Array {
  const bytes = Buffer.from(mov);
  const own = Buffer.from("0000000c75726c2000000001", "hex"); // url, in this file
  const at = bytes.indexOf(own);
  const entry = aliasEntry(target);
  for (const name of PARENTS) {
    const box = bytes.lastIndexOf(name, at, "latin1") - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(box) + entry.length - own.length, box);
  }
  return Buffer.concat([bytes.subarray(0, at), entry, bytes.subarray(at + own.length)]);
}

function aliasEntry(target: string): Buffer {
  const path = Buffer.from(target);
  const record = Buffer.alloc(160);
  const name = Buffer.from("disk");
  record[10] = name.length;
  name.copy(record, 11);
  record[50] = path.length;
  path.copy(record, 51);
  record.writeInt16BE(1, 130); // levels up from the alias
  record.writeInt16BE(1, 132); // and down to its target
  record.writeInt16BE(2, 150); // its path
  record.writeInt16BE(path.length, 152);
  const rest = Buffer.alloc(path.length + (path.length % 2) + 4);
  path.copy(rest);
  rest.writeInt16BE(-1, rest.length - 4);
  const body = Buffer.concat([record.subarray(0, 154), rest]);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(head.length + body.length, 0);
  head.write("alis", 4, "latin1");
  return Buffer.concat([head, body]);
}

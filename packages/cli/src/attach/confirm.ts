/** Asks a yes-or-no question on the terminal; No is the default, and the answer where nobody can be asked. I/O. */
import { createInterface } from "node:readline/promises";

export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

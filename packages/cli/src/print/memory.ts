/** Words for a person whose work waits for memory. Pure. */
import type { LiveView } from "@knowledge-chipper/core/reading";

type Memory = LiveView["memory"];

/** Before what runs now, on the bar; empty while more may start. */
export function heldText(memory: Memory): string {
  return isShort(memory)
    ? `memory is short (${memory?.reason ?? memory?.level}), one at a time: `
    : "";
}

/** Tells once when steps begin to wait for memory, and once when they no longer do. */
export function memoryTeller(say: (text: string) => void): (memory: Memory) => void {
  let told = false;
  return (memory) => {
    if (memory === null || isShort(memory) === told) return;
    told = !told;
    say(
      told
        ? `kc: memory is short (${memory.reason ?? memory.level}): steps run one at a time until there is more`
        : "kc: there is memory again",
    );
  };
}

function isShort(memory: Memory): boolean {
  return memory !== null && memory.level !== "normal" && memory.level !== "caution";
}

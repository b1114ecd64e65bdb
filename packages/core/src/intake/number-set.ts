/** A set of positive whole numbers in 8 bytes a slot: a JavaScript `Set` would need five times as much for a million files. Shared, pure. */

export interface NumberSet {
  /** Adds `value` (1 to 2^53 - 1); false when it was there already. */
  add(value: number): boolean;
  has(value: number): boolean;
}

const MAX_FILL = 0.7;

export function numberSet(): NumberSet {
  let slots = new Float64Array(64);
  let size = 0;

  function grow(): void {
    const old = slots;
    slots = new Float64Array(old.length * 2);
    for (const value of old) if (value !== 0) slots[slotOf(slots, value)] = value;
  }

  return {
    add(value) {
      const slot = slotOf(slots, value);
      if (slots[slot] === value) return false;
      slots[slot] = value;
      size += 1;
      if (size > slots.length * MAX_FILL) grow();
      return true;
    },
    has: (value) => slots[slotOf(slots, value)] === value,
  };
}

/** Where `value` is, or the free slot it would take: open addressing, 0 means free, the length is a power of two. */
function slotOf(slots: Float64Array, value: number): number {
  const mask = slots.length - 1;
  let slot = mix(value) & mask;
  while (slots[slot] !== 0 && slots[slot] !== value) slot = (slot + 1) & mask;
  return slot;
}

/** Spreads neighbouring numbers, which inode numbers are, over the table. */
function mix(value: number): number {
  let hash = (value | 0) ^ Math.imul((value / 0x1_0000_0000) | 0, 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

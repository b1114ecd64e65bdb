/** The circuit of a stage: different items crashing their workers in a row, with none completed in between, mean that it is broken. Pure. */

export interface Circuit {
  /** Items that crashed their workers since the stage completed one. */
  readonly crashed: readonly number[];
}

export const closedCircuit: Circuit = { crashed: [] };

export function afterCompletion(): Circuit {
  return closedCircuit;
}

export function afterCrash(circuit: Circuit, item: number): Circuit {
  return circuit.crashed.includes(item) ? circuit : { crashed: [...circuit.crashed, item] };
}

/** The last worker died and nothing was completed since: other items are tried before the same one again, to find out which is broken. */
export function isInDoubt({ crashed }: Circuit): boolean {
  return crashed.length > 0;
}

export function isOpen(circuit: Circuit, circuitItems: number): boolean {
  return circuit.crashed.length >= circuitItems;
}

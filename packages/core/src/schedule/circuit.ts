/** The circuit: different items crashing their workers in a row, with no completion in between, mean that the stage is broken. Pure. */

export interface Circuit {
  /** Items that crashed their workers since the last completed step. */
  readonly crashed: readonly number[];
}

export const closedCircuit: Circuit = { crashed: [] };

export function afterCompletion(): Circuit {
  return closedCircuit;
}

export function afterCrash(circuit: Circuit, item: number): Circuit {
  return circuit.crashed.includes(item) ? circuit : { crashed: [...circuit.crashed, item] };
}

export function isOpen(circuit: Circuit, circuitItems: number): boolean {
  return circuit.crashed.length >= circuitItems;
}

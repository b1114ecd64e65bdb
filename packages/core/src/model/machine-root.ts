/** Where the kernel's files about memory are: in `/`, or below a folder that a test writes. Shared, pure. */

declare const KC_MACHINE_ROOT: string | undefined;

/** A test starts us with `bun --define KC_MACHINE_ROOT='"/folder"'`; in a normal run this folds to the empty string. */
export const machineRoot: string = typeof KC_MACHINE_ROOT === "undefined" ? "" : KC_MACHINE_ROOT;

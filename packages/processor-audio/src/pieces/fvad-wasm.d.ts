/** Types of the part of @echogarden/fvad-wasm that is used; the package has none. */
declare module "@echogarden/fvad-wasm" {
  export interface Fvad {
    readonly HEAP16: Int16Array;
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    /** 0 (takes much for voice) to 3 (takes little for voice). */
    _fvad_set_mode(detector: number, mode: number): number;
    _fvad_set_sample_rate(detector: number, hertz: number): number;
    /** 1 voice, 0 none, -1 bad length. */
    _fvad_process(detector: number, samples: number, count: number): number;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  }
  export default function load(): Promise<Fvad>;
}

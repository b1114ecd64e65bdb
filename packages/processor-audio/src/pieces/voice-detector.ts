/** Says for each 30 ms of sound whether it holds a voice (the detector of WebRTC, in WebAssembly). Worker side. */

/** Samples the detector judges at once: 30 ms at 16 kHz. */
export const FRAME_SAMPLES = 480;

/** Mode 1 of 0..3: the stricter ones lose quiet speakers (at -30 dB mode 3 hears nothing of clear speech). */
const MODE = 1;

export interface VoiceDetector extends Disposable {
  /** Judges the next frame; it remembers those before. */
  hearsVoice(frame: Int16Array): boolean;
}

export async function openVoiceDetector(): Promise<VoiceDetector> {
  const fvad = await (await import("@echogarden/fvad-wasm")).default();
  const detector = fvad._fvad_new();
  fvad._fvad_set_mode(detector, MODE);
  fvad._fvad_set_sample_rate(detector, 16_000);
  const memory = fvad._malloc(FRAME_SAMPLES * 2);
  return {
    hearsVoice(frame) {
      fvad.HEAP16.set(frame, memory >> 1);
      return fvad._fvad_process(detector, memory, FRAME_SAMPLES) === 1;
    },
    [Symbol.dispose]() {
      fvad._free(memory);
      fvad._fvad_free(detector);
    },
  };
}

/** Writes times as people and subtitle players read them. Shared, pure. */

/** `MM:SS`, from one hour on `H:MM:SS`; rounded down to the second. */
export function clock(seconds: number): string {
  const { hours, minutes, rest } = parts(Math.floor(seconds));
  const tail = `${two(minutes)}:${two(rest)}`;
  return hours === 0 ? tail : `${hours}:${tail}`;
}

/** `HH:MM:SS.mmm`, with the given mark before the milliseconds (`,` in SubRip, `.` in WebVTT). */
export function preciseClock(seconds: number, mark: "," | "."): string {
  const milliseconds = Math.round(seconds * 1000);
  const { hours, minutes, rest } = parts(Math.floor(milliseconds / 1000));
  const fraction = String(milliseconds % 1000).padStart(3, "0");
  return `${two(hours)}:${two(minutes)}:${two(rest)}${mark}${fraction}`;
}

function parts(seconds: number) {
  return {
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor(seconds / 60) % 60,
    rest: seconds % 60,
  };
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

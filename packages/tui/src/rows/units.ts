/** How numbers, times and shares read in a few cells. Shared, pure. */

/** `1.2 GB`, `340 MB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 && unit > 2 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `0:04`, `2:10`, `1:02:10`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** How long a step took: `85 ms`, `4.2 s`, then as a clock. */
export function tookText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : clockText(ms);
}

/** About how long: `40 s`, `11 min`, `3 h 20 min`, `5 days`. */
export function aboutText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 90) return `${Math.max(1, seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

/** Local time of day of an instant, with the date when it is not the day of `now`. */
export function timeText(at: number | string, now: number): string {
  const then = new Date(at);
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === new Date(now).toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** A bar of `width` cells; anything begun shows, and only all of it is full. */
export function bar(share: number, width: number): string {
  const within = Math.min(1, Math.max(0, share));
  const exact = within * width;
  const full =
    within === 1 ? width : Math.min(width - 1, Math.max(within > 0 ? 1 : 0, Math.round(exact)));
  return "▓".repeat(full) + "░".repeat(width - full);
}

/** `71%`; 100 only when it is all, 0 only when it is nothing. */
export function percentText(share: number): string {
  if (share >= 1) return "100%";
  return `${share <= 0 ? 0 : Math.min(99, Math.max(1, Math.round(share * 100)))}%`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Moves through the steps of a job, from page to page at the edges. Pure. */
import type { StepWindow } from "../state/dashboard.ts";

export function moveInSteps(window: StepWindow, by: -1 | 1): StepWindow {
  const at = window.at + by;
  if (at < 0) return window.trail.length > 1 ? { ...pageInSteps(window, -1), at: LAST } : window;
  if (window.rows !== null && at >= window.rows.length) return pageInSteps(window, 1);
  return { ...window, at };
}

/** A place after every row: the page that is read moves it to its last one. */
const LAST = Number.MAX_SAFE_INTEGER;

export function pageInSteps(window: StepWindow, by: -1 | 1): StepWindow {
  const { trail, next } = window;
  if (by === -1) {
    if (trail.length === 1) return { ...window, at: 0 };
    return { ...window, trail: trail.slice(0, -1), rows: null, next: null, at: 0 };
  }
  if (next === null) return { ...window, at: Math.max(0, (window.rows?.length ?? 1) - 1) };
  return { ...window, trail: [...trail, next], rows: null, next: null, at: 0 };
}

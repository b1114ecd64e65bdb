/** Turns to another job: everything shown of the last one goes. Pure. */
import { firstPage, type Dashboard } from "./dashboard.ts";

export function selectJob(state: Dashboard, jobId: string | null): Dashboard {
  if (jobId === state.jobId) return state;
  return {
    ...state,
    jobId,
    live: null,
    mostRunning: 0,
    steps: firstPage(state.steps.filter),
    problems: { rows: [], at: 0 },
  };
}

/** Every operation of the writer by name. One call is one operation is one savepoint. Writer thread. */
import type { Store } from "../writer/store.ts";
import { admitting } from "./admit.ts";
import { adopting } from "./adopt.ts";
import { cancelling } from "./cancel.ts";
import { removingOldCheckpoints, savingCheckpoints } from "./checkpoints.ts";
import { claiming } from "./claim.ts";
import { completing } from "./complete.ts";
import { deletingJobs } from "./delete-job.ts";
import { removingOldDossiers } from "./dossiers.ts";
import { failing } from "./fail.ts";
import { gathering } from "./gather.ts";
import { intending } from "./intend.ts";
import { keepingJobs } from "./job-state.ts";
import { planning } from "./plan.ts";
import { recording } from "./record.ts";
import { releasing } from "./release.ts";
import { rescuing } from "./rescue.ts";
import { restarting } from "./restart.ts";
import { retrying } from "./retry.ts";
import { keepingTallies } from "./tallies.ts";

export type Operations = ReturnType<typeof allOperations>;

export function allOperations(store: Store) {
  return {
    ...planning(store),
    ...admitting(store),
    ...claiming(store),
    ...intending(store),
    ...completing(store),
    ...failing(store),
    ...releasing(store),
    ...gathering(store),
    ...savingCheckpoints(store),
    ...removingOldCheckpoints(store),
    ...removingOldDossiers(store),
    ...keepingJobs(store),
    ...retrying(store),
    ...restarting(store),
    ...cancelling(store),
    ...deletingJobs(store),
    ...recording(store),
    ...rescuing(store),
    ...adopting(store),
    ...keepingTallies(store),
  };
}

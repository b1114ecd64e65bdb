/** The one job that a person means by id, prefix, name or `last`. I/O through control. */
import { suggestion, UserError, type Control, type Job } from "@knowledge-chipper/core/reading";

/** @throws UserError when there is none, or more than one by prefix */
export async function findJob(control: Control, ref: string): Promise<Job> {
  const found = await control.findJobs(ref);
  const [first, second] = found;
  if (first === undefined) {
    const names = (await control.jobs({ limit: 50 })).flatMap(({ id, name }) => [id, name]);
    const hint =
      names.length === 0
        ? " This home has no job yet."
        : suggestion(ref, [...new Set(names)].slice(0, 12));
    throw new UserError("job_not_found", `there is no job "${ref}".${hint}`);
  }
  // Several jobs of one name: the newest is meant. Several ids of one prefix: nobody can know.
  if (second !== undefined && first.name !== ref && first.id !== ref) {
    const ids = found.slice(0, 5).map(({ id, name }) => `${id} (${name})`);
    throw new UserError("job_ambiguous", `"${ref}" fits several jobs: ${ids.join(", ")}`);
  }
  return first;
}

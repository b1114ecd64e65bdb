/** Makes sure that a job has at least one file for its pipeline; looks at contents only until it has found one. Host, I/O. */
import { isUsable } from "../intake/accepts.ts";
import { sniffFile } from "../intake/sniff.ts";
import type { PlannedItem } from "../model/item.ts";
import type { Stage } from "../model/job.ts";
import type { Notice } from "../model/notice.ts";
import { UserError } from "../model/user-error.ts";

export interface UsableSearch {
  look(item: PlannedItem): Promise<void>;
  /** @throws UserError when no file was usable */
  requireOne(paths: readonly string[], notices: readonly Notice[]): void;
}

export function findUsable(stages: readonly Stage[]): UsableSearch {
  let found = false;
  let looked = 0;
  return {
    async look(item) {
      looked += 1;
      if (found) return;
      // Empty files, and what cannot be read, are for admission to tell about, item by item.
      if (item.planned?.bytes === 0) found = true;
      else {
        const mimeType = await sniffFile(item.path).catch(() => null);
        found = mimeType === null || isUsable(stages, { fileName: item.relativePath, mimeType });
      }
    },
    requireOne(paths, notices) {
      if (found) return;
      const names = stages.map(({ processor }) => processor.name).join(", ");
      const where = paths.length === 1 ? paths[0] : `the ${paths.length} given paths`;
      const seen =
        looked === 0 ? "no file" : `${looked} file${looked === 1 ? "" : "s"}, none for ${names}`;
      const why = notices.map(({ message }) => `\n  ${message}`).join("");
      throw new UserError("nothing_usable", `nothing to do: ${where} holds ${seen}${why}`);
    },
  };
}

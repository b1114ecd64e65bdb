/** Items of a vault, with what belongs together brought together: a talk's transcript, summary and claims are one note. Pure over a stream. */
import type {
  GatherInput,
  GatherItem,
  InputArtifact,
  SourceFile,
} from "@knowledge-chipper/plugin-sdk";
import { getOrMake } from "../extract/counter.ts";

/** What earlier runs named their outputs: `talk.md` or nothing, `talk_transcript.md`, `talk_summary.md`, `talk_claims.yaml`. */
const DERIVED = /_(?:(transcript|summary)\.md|(claims)\.ya?ml)$/i;

/** Which file stands for the note, by what is there. */
const LEADERS = ["source", "transcript", "summary", "claims"] as const;

/** Paths of one stem, by what they are. */
interface Group {
  readonly roles: Map<string, SourceFile>;
}

/** Streams the items; files that an earlier run made of one source come as artifacts of the first of them. */
export async function* vaultItems(input: GatherInput): AsyncGenerator<GatherItem> {
  const groups = await findGroups(input);
  for await (const item of input.items()) {
    const group = item.artifacts.length > 0 ? undefined : groups.get(stemOf(item.source));
    const members =
      group === undefined ? [] : LEADERS.flatMap((role) => group.roles.get(role) ?? []);
    const at = members.findIndex(({ path }) => path === item.source.path);
    if (group === undefined || at < 0) yield item;
    else if (at === 0) yield { source: item.source, artifacts: artifactsOf(group) };
  }
}

/** Only stems of two files or more; holds no more than the paths of these. */
async function findGroups(input: GatherInput): Promise<Map<string, Group>> {
  const groups = new Map<string, Group>();
  for await (const { source, artifacts } of input.items()) {
    const role = artifacts.length > 0 ? null : roleOf(source);
    if (role === null) continue;
    const group = getOrMake(groups, stemOf(source), (): Group => ({ roles: new Map() }));
    group.roles.set(role, source);
  }
  for (const [stem, { roles }] of groups) if (roles.size < 2) groups.delete(stem);
  if (groups.size === 0) return groups;
  // A note of the same stem is what they were made of, unless that was spoken: then it is a note beside it.
  for await (const { source, artifacts } of input.items()) {
    if (artifacts.length > 0 || roleOf(source) !== null || !isNote(source)) continue;
    const group = groups.get(stemOf(source));
    if (group === undefined || group.roles.has("transcript") || group.roles.has("source")) continue;
    group.roles.set("source", source);
  }
  return groups;
}

function artifactsOf({ roles }: Group): InputArtifact[] {
  return [...roles].flatMap(([role, source]): InputArtifact[] =>
    role === "source"
      ? []
      : [
          {
            role,
            path: source.path,
            // Where the vault is not the output folder nothing can be linked; then the path only names the file.
            relativePath: source.linkPath ?? "",
            mimeType: source.mimeType,
            meta: {},
          },
        ],
  );
}

function roleOf({ name }: SourceFile): string | null {
  const match = DERIVED.exec(name);
  return match === null ? null : (match[1] ?? match[2] ?? "").toLowerCase();
}

function isNote({ name }: SourceFile): boolean {
  return /\.(?:md|markdown|txt)$/i.test(name);
}

/** Folder and name without what tells the role, whatever the case of the ending. */
function stemOf({ relativePath }: SourceFile): string {
  return DERIVED.test(relativePath)
    ? relativePath.replace(DERIVED, "")
    : relativePath.replace(/\.[^./]*$/, "");
}

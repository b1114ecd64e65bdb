/** Completion for fish. Pure. */
import { quoted, type Verb } from "./verb.ts";

export function fishScript(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap(({ path, flags, verbs: next }) => {
    const when = `-n ${quoted(`__kc_at ${path.length === 0 ? "''" : path.join(" ")}`)}`;
    return [
      ...next.map(
        ({ name, summary }) => `complete -c kc -f ${when} -a ${fish(name)} -d ${fish(summary)}`,
      ),
      ...flags.map(({ names, summary, takesValue, choices }) => {
        const parts = names.map((name) =>
          name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
        );
        if (takesValue) parts.push("-r");
        if (choices.length > 0) parts.push(`-f -a ${fish(choices.join(" "))}`);
        return `complete -c kc ${when} ${parts.join(" ")} -d ${fish(summary)}`;
      }),
    ];
  });
  const paths = verbs.filter(({ path }) => path.length > 0).map(({ path }) => fish(path.join(" ")));
  return `# fish completion of kc; made by: kc completions fish
function __kc_at
    set -l known ${paths.join(" ")}
    set -l verb ''
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$verb $word")
        contains -- $next $known; and set verb $next
    end
    test "$verb" = (string join ' ' -- $argv)
end
${lines.join("\n")}
`;
}

function fish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

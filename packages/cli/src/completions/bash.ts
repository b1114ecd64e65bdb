/** Completion for bash. Pure. */
import { quoted, type Verb } from "./verb.ts";

export function bashScript(verbs: readonly Verb[]): string {
  const words = verbs.map(({ path, verbs: next, flags }) => {
    const all = [...next.map(({ name }) => name), ...flags.flatMap(({ names }) => names)];
    return `    ${quoted(path.join(" "))}) words=${quoted(all.join(" "))} ;;`;
  });
  const steps = verbs
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      ${quoted(path.join(" "))}) verb="$next" ;;`);
  const values = verbs.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, choices, takesValue }) =>
      takesValue
        ? names.map((name) => {
            const key = quoted(`${path.join(" ")}:${name}`);
            return `    ${key}) values=${quoted(choices.join(" "))}; takes=1 ;;`;
          })
        : [],
    ),
  );
  return `# bash completion of kc; made by: kc completions bash
_kc() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local verb='' next='' words='' values='' takes='' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    next="\${verb:+$verb }\${COMP_WORDS[at]}"
    case "$next" in
${steps.join("\n")}
    esac
  done
  case "$verb:$previous" in
${values.join("\n")}
  esac
  COMPREPLY=()
  if [ -n "$takes" ]; then
    [ -n "$values" ] && COMPREPLY=($(compgen -W "$values" -- "$current"))
    return
  fi
  case "$verb" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _kc kc
`;
}

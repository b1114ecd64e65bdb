/** Completion for zsh. Pure. */
import { quoted, type Verb } from "./verb.ts";

export function zshScript(verbs: readonly Verb[]): string {
  const steps = verbs
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      ${quoted(path.join(" "))}) verb="$next" ;;`);
  const cases = verbs.map(({ path, verbs: next, flags }) => {
    const words = [
      ...next.map(({ name, summary }) => described(name, summary)),
      ...flags.flatMap(({ names, summary }) => names.map((name) => described(name, summary))),
    ];
    return `    ${quoted(path.join(" "))}) found=(${words.join(" ")}) ;;`;
  });
  const values = verbs.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, choices, takesValue }) =>
      takesValue
        ? names.map((name) => {
            const key = quoted(`${path.join(" ")}:${name}`);
            const what =
              choices.length === 0 ? "_files" : `compadd -- ${choices.map(quoted).join(" ")}`;
            return `    ${key}) ${what}; return ;;`;
          })
        : [],
    ),
  );
  return `#compdef kc
# zsh completion of kc; made by: kc completions zsh
_kc() {
  local verb='' next='' at
  local -a words_before
  words_before=("\${(@)words[2,CURRENT-1]}")
  local previous="\${words[CURRENT-1]}"
  for at in "\${words_before[@]}"; do
    next="\${verb:+$verb }$at"
    case "$next" in
${steps.join("\n")}
    esac
  done
  case "$verb:$previous" in
${values.join("\n")}
  esac
  local -a found
  case "$verb" in
${cases.join("\n")}
  esac
  _describe 'kc' found
  _files
}
if [ "$funcstack[1]" = '_kc' ]; then _kc "$@"; else compdef _kc kc; fi
`;
}

function described(name: string, summary: string): string {
  return quoted(`${name.replaceAll(":", "\\:")}:${summary}`);
}

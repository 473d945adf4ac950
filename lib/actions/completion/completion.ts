/** What a shell has to be told: it asks `tandem complete` with the words typed so far, the last one unfinished. */
const SCRIPTS = {
  bash: [
    '_tandem() {',
    "  local IFS=$'\\n'",
    '  COMPREPLY=($(tandem complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))',
    '  [[ ${COMPREPLY[0]} == */ ]] && compopt -o nospace',
    '}',
    'complete -o default -F _tandem tandem',
  ],
  zsh: [
    '#compdef tandem',
    '_tandem() {',
    '  local -a proposals',
    '  proposals=(${(f)"$(tandem complete "${(@)words[2,CURRENT]}" 2>/dev/null | cut -f1)"})',
    '  (( ${#proposals} )) && compadd -a proposals || _files',
    '}',
    'compdef _tandem tandem',
  ],
  fish: ['complete -c tandem -f -a "(tandem complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)"'],
} as const;

export type Shell = keyof typeof SCRIPTS;

export const SHELLS = Object.keys(SCRIPTS) as readonly Shell[];

export interface CompletionResult {
  readonly shell: Shell;
  readonly script: string;
}

/** The completion script of a shell. */
export async function completion(shell: Shell): Promise<CompletionResult> {
  return { shell, script: `${SCRIPTS[shell].join('\n')}\n` };
}

import { buildCommand } from '@stricli/core';
import type { TandemContext } from '../context.ts';

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

type Shell = keyof typeof SCRIPTS;

function completion(this: TandemContext, _flags: object, shell: Shell): void {
  this.out(`${SCRIPTS[shell].join('\n')}\n`);
}

export const completionCommand = buildCommand({
  func: completion,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: (text: string): Shell => {
            if (text === 'bash' || text === 'zsh' || text === 'fish') return text;
            throw new SyntaxError(`got "${text}"; it is bash, zsh or fish`);
          },
          brief: 'bash, zsh or fish',
          placeholder: 'shell',
          proposeCompletions: (partial) => Object.keys(SCRIPTS).filter((shell) => shell.startsWith(partial)),
        },
      ],
    },
  },
  docs: {
    brief: 'Print the completion script of a shell',
    fullDescription: [
      'Examples:',
      '  source <(tandem completion bash)',
      '  tandem completion zsh > "${fpath[1]}/_tandem"',
      '  tandem completion fish > ~/.config/fish/completions/tandem.fish',
    ].join('\n'),
  },
});

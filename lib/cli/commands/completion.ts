import { SHELLS, type Shell } from '../../actions/completion/completion.ts';
import { usage } from '../../actions/errors.ts';
import { defineVerb } from '../define-verb.ts';
import { takes } from '../flags.ts';

export const completionVerb = defineVerb({
  brief: 'Print the completion script of a shell',
  description: [
    'Completes `tandem`, which therefore must be on the path, also for those who run `npx tandem`:',
    '`npm link` in a clone, or `export PATH="$PWD/node_modules/.bin:$PATH"` in a project that has it as a dependency.',
  ].join('\n'),
  examples: [
    { command: 'source <(tandem completion bash)' },
    { command: 'tandem completion zsh > "${fpath[1]}/_tandem"' },
    { command: 'tandem completion fish > ~/.config/fish/completions/tandem.fish' },
  ],
  arguments: takes({
    brief: SHELLS.join(', '),
    placeholder: 'shell',
    parse: (given: string): Shell => {
      const found = SHELLS.find((shell) => shell === given);
      if (found === undefined) throw usage(`got "${given}"`, `write one of ${SHELLS.join(', ')}`);
      return found;
    },
    proposeCompletions: (partial: string) => SHELLS.filter((shell) => shell.startsWith(partial)),
  }),
  action: async (_context, _flags, shell) => (await import('../../actions/completion/completion.ts')).completion(shell),
  json: {
    format: 'tandem.completion/1',
    schema: async () => (await import('../../actions/completion/schema.ts')).completionSchema,
  },
  bare: () => true,
  render: ({ script }) => script,
});

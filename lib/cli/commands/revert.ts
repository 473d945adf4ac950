import { defineVerb } from '../define-verb.ts';
import { takes, word } from '../flags.ts';

export const revertVerb = defineVerb({
  brief: 'Open the inverse of an operation as a branch',
  description: [
    'Takes the configuration of the stacks that the operation changed back to what it was before, and keeps what was changed elsewhere since.',
    'The branch starts from the one that changes go to, and is pushed where there is a remote; the working tree is not touched, and no cloud',
    'is asked. It is reviewed and deployed as any other change. What was destroyed or replaced is named: its data does not come back.',
  ].join('\n'),
  examples: [{ command: 'tandem revert 20261121T032210123-9f3a1c' }, { command: 'tandem revert 9f3a1c' }],
  arguments: takes(word('Operation, as `tandem history` shows it', 'operation')),
  acts: true,
  action: async (context, _flags, operation) =>
    (await import('../../actions/revert/revert.ts')).revert(context, { operation }),
  json: {
    format: 'tandem.revert/1',
    schema: async () => (await import('../../actions/revert/schema.ts')).revertSchema,
  },
  render: async (result, view) => (await import('../render/revert.ts')).renderRevert(result, view),
});

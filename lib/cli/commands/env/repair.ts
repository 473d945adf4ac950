import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';
import { changedOutput } from '../../json/env.ts';

export const envRepairVerb = defineVerb({
  brief: 'Create anew what an environment lost in its cloud',
  description:
    'Asks the cloud for each part, says what is not there any more and which data is gone with it, and asks. A part whose absence the cloud does not confirm is never given up. For clouds that were rebuilt, and for what was deleted by hand, the project included.',
  examples: [{ command: 'tandem env repair alice' }],
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, _flags, name) => (await import('../../../actions/env/repair.ts')).repair(context, { name }),
  ...changedOutput,
});

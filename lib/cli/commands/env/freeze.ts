import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';
import { changedOutput } from '../../json/env.ts';

export const envFreezeVerb = defineVerb({
  brief: 'Stop the servers of an environment and free their capacity; disks, volumes and addresses are kept',
  examples: [{ command: 'tandem env freeze alice' }],
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, _flags, name) => (await import('../../../actions/env/change.ts')).freeze(context, { name }),
  ...changedOutput,
});

export const envThawVerb = defineVerb({
  brief: 'Start a frozen environment again, if its cloud has the capacity',
  examples: [{ command: 'tandem env thaw alice' }],
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, _flags, name) => (await import('../../../actions/env/change.ts')).thaw(context, { name }),
  ...changedOutput,
});

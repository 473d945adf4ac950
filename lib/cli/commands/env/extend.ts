import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { optionalText, takes, toggle } from '../../flags.ts';
import { changedOutput } from '../../json/env.ts';

export const envExtendVerb = defineVerb({
  brief: 'Extend a lease: granted by policy, or asked for',
  description:
    'Changes only `until`, and at most one resource. Beyond the limits of `leases`, it is written into the lease that this is asked for, where `leases.extensions` names somebody who answers: neither the owner nor whoever asked.',
  examples: [
    { command: 'tandem env extend alice --for 7d' },
    { command: 'tandem env extend alice --approve', does: 'grants what was asked for' },
    { command: 'tandem env extend alice --refuse' },
  ],
  flags: {
    for: optionalText("Time to add: 12h, 7d or 2w; default: the policy's", 'TIME'),
    approve: toggle('Grant the extension that was asked for'),
    refuse: toggle('Refuse the extension that was asked for'),
  },
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, { for: duration, approve, refuse }, name) =>
    (await import('../../../actions/env/change.ts')).extend(context, { name, duration, approve, refuse }),
  ...changedOutput,
});

import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { optionalText, takes } from '../../flags.ts';

export const envExtendVerb = defineVerb({
  brief: 'Extend a lease, within the policy',
  description: 'Changes only `until`, and at most one resource.',
  examples: [{ command: 'tandem env extend alice --for 7d' }],
  flags: { for: optionalText("Time to add: 12h, 7d or 2w; default: the policy's", 'TIME') },
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, { for: duration }, name) =>
    (await import('../../../actions/env/change.ts')).extend(context, { name, duration }),
  json: {
    format: 'tandem.env-change/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).changedSchema,
  },
  render: async (changed) => (await import('../../render/env.ts')).renderChanged(changed),
});

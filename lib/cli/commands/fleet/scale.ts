import { environmentArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { lockTimeout, takes, wholeNumber } from '../../flags.ts';

export const fleetScaleVerb = defineVerb({
  brief: 'Set how many instances a fleet should have',
  description: [
    'Sets the desired capacity, within the minimum and maximum of the configuration: what is outside of them is refused before AWS is asked to',
    'change anything. Scaling policies go on from there.',
  ].join('\n'),
  examples: [{ command: 'tandem fleet scale prod 300' }, { command: 'tandem fleet scale staging 0 --yes' }],
  flags: { lockTimeout },
  arguments: takes(environmentArgument, {
    brief: 'Desired capacity',
    placeholder: 'instances',
    parse: wholeNumber(0, 100_000),
  }),
  asks: true,
  action: async (context, { lockTimeout: lockTimeoutSeconds }, environment, desired) =>
    (await import('../../../actions/fleet/scale.ts')).scale(context, { environment, desired, lockTimeoutSeconds }),
  json: {
    format: 'tandem.fleet-scale/1',
    schema: async () => (await import('../../../actions/fleet/schema.ts')).scaleSchema,
  },
  render: ({ group, before, desired }) =>
    before === desired
      ? `${group} has a desired capacity of ${desired} already.\n`
      : `${group}: desired capacity ${before} -> ${desired}\n`,
});

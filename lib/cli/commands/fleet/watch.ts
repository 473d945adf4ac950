import { environmentArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';

export const fleetWatchVerb = defineVerb({
  brief: 'Replace instances that fail, at once, until Ctrl-C',
  description: [
    'Looks every five seconds. Whose heartbeats stopped, whose status check failed, whose worker gave up, or whom Spot takes back is replaced',
    'before it is drained, from the warm pool where that has one. Where more than a tenth fail at once, nothing is replaced: that has another cause.',
    'Processes of Auto Scaling that an interrupted operation had left suspended are given back.',
  ].join('\n'),
  examples: [
    { command: 'tandem fleet watch prod' },
    { command: 'tandem fleet watch prod --json', does: 'events, one a line' },
  ],
  arguments: takes(environmentArgument),
  acts: true,
  action: async (context, _, environment) =>
    (await import('../../../actions/fleet/watch.ts')).watch(context, environment),
  json: {
    format: 'tandem.fleet-watch/1',
    schema: async () => (await import('../../../actions/fleet/schema.ts')).watchSchema,
    events: async () => (await import('../../../actions/fleet/operation-schema.ts')).operationEventSchema,
  },
  render: ({ replaced, failed }) => `${replaced} replaced, ${failed} failed\n`,
});

import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, offFlags, optionalText, takes, toggle } from '../../flags.ts';

export const cloudSimulateFailureVerb = defineVerb({
  brief: 'Simulate failures: which services, VIPs and servers stop, and for how long',
  description: [
    'Judges the failure of each single host, rack, plane, switch and power feed, or of those named with --off, from the configuration',
    'alone. Asks no cloud. docs/failure-simulation.md describes the JSON.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud simulate-failure paris', does: 'each single failure, worst first' },
    {
      command: 'tandem cloud simulate-failure paris --off b',
      does: 'a rack, with every outage and what it is the sum of',
    },
    { command: 'tandem cloud simulate-failure paris --off queue-a-1,queue-b-1', does: 'two hosts at once' },
    { command: 'tandem cloud simulate-failure paris --pairs --json', does: 'every two failures at once' },
    { command: 'tandem cloud simulate-failure paris --off rack/b --svg b.svg', does: 'as a picture' },
  ],
  flags: {
    off: offFlags,
    all: toggle('Show each failure on a line of its own, even if several have the same effect'),
    pairs: toggle('Judge every two failures at once as well'),
    svg: optionalText('Also draw the cloud with what is off; without --off the worst failure', 'FILE'),
  },
  arguments: takes(maybe(cloudArgument)),
  action: async (context, { off = [], pairs, svg }, cloud) =>
    (await import('../../../actions/cloud/simulate-failure.ts')).simulateFailure(context, { cloud, off, pairs, svg }),
  json: {
    format: 'tandem.failure/1',
    schema: async () => (await import('../../../actions/cloud/schemas/failure.ts')).failureSchema,
  },
  render: async (report, { colors }, { all, off = [] }) =>
    (await import('../../../private-cloud/failure/render.ts')).renderFailures(report, {
      ...{ colors, all, details: off.length > 0 },
    }),
});

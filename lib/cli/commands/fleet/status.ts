import { environmentArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { optional, optionalText, takes, toggle, wholeNumber } from '../../flags.ts';
import { whereFlag } from './flags.ts';

export const fleetStatusVerb = defineVerb({
  brief: 'Show the instances of a fleet, its jobs, its limits, and what is wrong',
  description: [
    'Instances by zone, type, age, state, image, launch template, program, job, heartbeat and health; queues with their backlog and oldest',
    'job; what is left of limits. A fleet of 500 instances costs at most 12 calls of AWS. Changes nothing.',
    '',
    'Selectors compare zone, type, age, state, health, image, template, program, version (of the agent), job, purchase, id and warm with',
    '=, !=, <, >, <=, >= or in (…), joined by and, or, not and parentheses.',
  ].join('\n'),
  examples: [
    { command: 'tandem fleet status prod' },
    { command: "tandem fleet status prod --where 'state in (lost, broken) or not health=healthy'", does: 'one by one' },
    { command: 'tandem fleet status prod --watch', does: 'anew every 15 s, until Ctrl-C' },
    { command: 'tandem fleet status prod --html fleet.html', does: 'all instances on one page' },
  ],
  flags: {
    where: whereFlag,
    watch: toggle('Look again and again, until Ctrl-C; on a terminal in place, elsewhere a line each time'),
    every: optional(wholeNumber(5, 3600), 'Seconds between two looks of --watch; default: 15', 'SECONDS'),
    html: optionalText('Also write the report as one page', 'FILE'),
  },
  arguments: takes(environmentArgument),
  action: async (context, { where, watch, every, html }, environment) =>
    (await import('../../../actions/fleet/status.ts')).status(context, {
      ...{ environment, where, watch, html },
      everySeconds: every,
    }),
  json: {
    format: 'tandem.fleet/1',
    schema: async () => (await import('../../../actions/fleet/schema.ts')).fleetSchema,
    events: async () => (await import('../../../actions/fleet/schema.ts')).fleetEventSchema,
    streams: ({ watch }) => watch,
  },
  render: async (report, view, { watch }) =>
    watch ? '' : (await import('../../../fleet/look/text.ts')).fleetText(report, view),
});

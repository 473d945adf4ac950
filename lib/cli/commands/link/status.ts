import { linkArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, takes } from '../../flags.ts';

export const linkStatusVerb = defineVerb({
  brief: 'Ask both sides of a link: tunnels, BGP, routes, sizes of packets, probes, last changes',
  description: [
    'AWS tells of its end points, each gateway by SSH of strongSwan, FRR, its probes through each tunnel, and the largest packet that passes.',
    'Whoever does not answer is told, and hides nobody else. Changes nothing.',
    '',
    'Exit 1 unless every part answered and none has a problem.',
  ].join('\n'),
  examples: [
    { command: 'tandem link status' },
    { command: 'tandem link status main --json', does: 'for a monitoring job' },
  ],
  flags: {},
  arguments: takes(maybe(linkArgument)),
  action: async (context, _flags, link) => (await import('../../../actions/link/status.ts')).status(context, { link }),
  json: {
    format: 'tandem.link-status/1',
    schema: async () => (await import('../../../actions/link/status-schema.ts')).linkStatusSchema,
  },
  render: async (report, view) => (await import('../../render/link-status.ts')).renderLinkStatus(report, view),
  exitCode: ({ isWell }) => (isWell ? 0 : 1),
});

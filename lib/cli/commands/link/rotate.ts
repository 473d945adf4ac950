import { linkArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, optionalText, takes } from '../../flags.ts';

export const linkRotateVerb = defineVerb({
  brief: 'Give tunnels of a link new pre-shared keys, one at a time and without loss',
  description: [
    'The other tunnels have to be well. Traffic leaves the tunnel, AWS and the gateway get the new key, and once it carries again the next one follows.',
    'Each takes some minutes, for so long AWS changes a tunnel. Interrupted or failed, the others carry on, and the same command goes on with it.',
  ].join('\n'),
  examples: [
    { command: 'tandem link rotate', does: 'all four tunnels' },
    { command: 'tandem link rotate main --tunnel 1-2', does: 'of gateway 1, the second one' },
  ],
  asks: true,
  flags: { tunnel: optionalText('Tunnel: gateway and number; default: all, one after the other', 'G-N') },
  arguments: takes(maybe(linkArgument)),
  action: async (context, { tunnel }, link) =>
    (await import('../../../actions/link/rotate.ts')).rotate(context, { link, tunnel }),
  json: {
    format: 'tandem.link-rotate/1',
    schema: async () => (await import('../../../actions/link/schema.ts')).linkRotateSchema,
  },
  render: ({ link, tunnels }) =>
    `${link}: ${tunnels.join(', ')} ${tunnels.length === 1 ? 'has a new key' : 'have new keys'}.\n`,
});

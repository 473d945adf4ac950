import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, offFlag, optionalText, takes } from '../../flags.ts';

export const cloudDiagramVerb = defineVerb({
  brief: 'Draw a cloud as SVG: planes, VIPs, racks, hosts, services, and what a failure takes away',
  examples: [
    { command: 'tandem cloud diagram paris --out paris.svg' },
    { command: 'tandem cloud diagram paris --off rack/b --out rack-b.svg', does: 'without rack b' },
    { command: 'tandem cloud diagram | display' },
  ],
  flags: { off: offFlag, out: optionalText('File to write; default: stdout', 'FILE') },
  arguments: takes(maybe(cloudArgument)),
  action: async (context, { off, out }, cloud) =>
    (await import('../../../actions/cloud/diagram.ts')).diagram(context, { cloud, off, out }),
  json: {
    format: 'tandem.diagram/1',
    schema: async () => (await import('../../../actions/cloud/schemas/small.ts')).diagramSchema,
  },
  bare: () => true,
  render: ({ svg }, _view, { out }) => (out === undefined ? svg : ''),
});

import { blueprintArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { cloudFlag, optionalText, takes } from '../../flags.ts';

export const blueprintDiagramVerb = defineVerb({
  brief: 'Draw a blueprint as SVG: its tiers, and who connects to whom',
  examples: [
    { command: 'tandem blueprint diagram di --out di.svg' },
    { command: 'tandem blueprint diagram di | display' },
  ],
  flags: {
    cloud: cloudFlag,
    out: optionalText('File to write; default: stdout', 'FILE'),
  },
  arguments: takes(blueprintArgument),
  action: async (context, { cloud, out }, name) =>
    await (await import('../../../actions/blueprint/blueprint.ts')).drawBlueprintFile(context, name, { cloud, out }),
  json: {
    format: 'tandem.blueprint-diagram/1',
    schema: async () => (await import('../../../actions/blueprint/schema.ts')).blueprintDiagramSchema,
  },
  bare: () => true,
  render: ({ svg }, _view, { out }) => (out === undefined ? svg : ''),
});

import { defineVerb } from '../../define-verb.ts';
import { cloudFlag } from '../../flags.ts';

export const blueprintListVerb = defineVerb({
  brief: 'List the blueprints with their size and what they cost',
  examples: [{ command: 'tandem blueprint list' }, { command: 'tandem blueprint list --cloud paris --json' }],
  flags: { cloud: cloudFlag },
  action: async (context, { cloud }) =>
    (await import('../../../actions/blueprint/blueprint.ts')).listBlueprints(context, { cloud }),
  json: {
    format: 'tandem.blueprints/1',
    schema: async () => (await import('../../../actions/blueprint/schema.ts')).blueprintsSchema,
  },
  render: async ({ blueprints }) => (await import('../../../blueprints/text.ts')).renderBlueprints(blueprints),
});

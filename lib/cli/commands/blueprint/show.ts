import { blueprintArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { cloudFlag, takes, toggle } from '../../flags.ts';

export const blueprintShowVerb = defineVerb({
  brief: 'Show the tiers of a blueprint, what runs on them, what it needs, and what the loss of a zone does',
  examples: [
    { command: 'tandem blueprint show di' },
    { command: 'tandem blueprint show di --markdown > di.md', does: 'its page' },
  ],
  flags: {
    cloud: cloudFlag,
    markdown: toggle('Print its page of Markdown'),
  },
  arguments: takes(blueprintArgument),
  action: async (context, { cloud }, name) =>
    (await import('../../../actions/blueprint/blueprint.ts')).showBlueprint(context, name, { cloud }),
  json: {
    format: 'tandem.blueprint/1',
    schema: async () => (await import('../../../actions/blueprint/schema.ts')).blueprintShowSchema,
  },
  render: async ({ blueprint, page }, _view, { markdown }) =>
    markdown ? page : (await import('../../../blueprints/text.ts')).renderBlueprint(blueprint),
});

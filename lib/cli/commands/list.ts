import { stacksArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';

export const listVerb = defineVerb({
  brief: 'List stacks with their last deployment, current lock and target',
  description:
    'Lists configured stacks, and deployed ones that are no longer configured, each with its target; then what was left behind elsewhere. Asks no cloud.',
  examples: [{ command: 'tandem list' }, { command: "tandem list 'openstack/*/dev/*' --json" }],
  arguments: stacksArgument,
  action: async (context, _flags, ...selectors) =>
    (await import('../../actions/list/list.ts')).list(context, { selectors }),
  json: {
    format: 'tandem.list/1',
    schema: async () => (await import('../../actions/list/schema.ts')).listSchema,
  },
  render: async ({ stacks }) => (await import('../render/list.ts')).renderList(stacks),
});

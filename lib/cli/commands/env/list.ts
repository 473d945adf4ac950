import { defineVerb } from '../../define-verb.ts';
import { named, optionalText, toggle } from '../../flags.ts';

export const envListVerb = defineVerb({
  brief: 'List leases: owner, age, end, cost, state',
  examples: [{ command: 'tandem env list' }, { command: 'tandem env list --cloud lab --drift --json' }],
  flags: {
    cloud: named(optionalText('Only leases on this cloud; default: all clouds', 'NAME'), 'clouds'),
    usage: toggle('Also ask the clouds what was used this month, and tell what it cost'),
    drift: toggle('Also detect drift on the clouds; takes seconds for each environment'),
  },
  action: async (context, { cloud, drift, usage }) =>
    (await import('../../../actions/env/list.ts')).list(context, { cloud, drift, usage }),
  json: {
    format: 'tandem.environments/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).environmentsSchema,
  },
  render: async ({ environments, currency }) =>
    (await import('../../../dev/render.ts')).renderList(environments, currency),
});

import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';

export const envShowVerb = defineVerb({
  brief: 'Show one environment: its lease, servers, load balancers, endpoints and drift',
  examples: [{ command: 'tandem env show alice' }],
  arguments: takes(leaseArgument),
  action: async (context, _flags, name) => (await import('../../../actions/env/show.ts')).show(context, { name }),
  json: {
    format: 'tandem.environment/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).environmentSchema,
  },
  render: async (shown) => (await import('../../../dev/render-show.ts')).renderShow(shown, shown.currency),
});

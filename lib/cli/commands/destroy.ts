import { namedStacksArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { lockTimeout, toggle } from '../flags.ts';
import { deployJson } from '../json/deploy.ts';

export const destroyVerb = defineVerb({
  brief: 'Destroy the resources of stacks',
  description: [
    'Destroys what was last applied of the stacks that are named; there is no default. Resources that a stack does not own are never',
    'touched. A stack that is missing from this checkout is destroyed only where its removal is in the history of the configuration.',
    'For dev environments use `tandem env destroy`, which also removes the lease and what its users made.',
  ].join('\n'),
  examples: [{ command: 'tandem destroy openstack/lab/base' }, { command: "tandem destroy 'openstack/lab/**' --yes" }],
  flags: { lockTimeout, verbose: toggle('List destroyed resources one by one') },
  arguments: namedStacksArgument,
  asks: true,
  resources: true,
  action: async (context, { lockTimeout: lockTimeoutSeconds }, ...selectors) =>
    (await import('../../actions/destroy/destroy.ts')).destroy(context, { selectors, lockTimeoutSeconds }),
  json: deployJson,
  render: async (result) => (await import('../render/deploy.ts')).renderDeploy(result),
});

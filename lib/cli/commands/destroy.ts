import { namedStacksArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { lockTimeout, toggle } from '../flags.ts';
import { deployJson } from '../json/deploy.ts';

export const destroyVerb = defineVerb({
  brief: 'Destroy the resources of stacks',
  description: [
    'Destroys what was last applied of the stacks that are named; there is no default. Resources that a stack does not own are never',
    'touched. A stack that is missing from this checkout is destroyed only where its removal is in the history of the configuration.',
    'What is in buckets, queues and tables is said beforehand; documents, results and jobs are deleted only with --empty, or where somebody',
    'types the word. What the configuration keeps (`retainData`) stays, and the next `tandem deploy` imports it.',
    'For dev environments use `tandem env destroy`, which also removes the lease and what its users made.',
  ].join('\n'),
  examples: [
    { command: 'tandem destroy openstack/lab/base' },
    { command: "tandem destroy 'openstack/lab/**' --yes" },
    { command: 'tandem destroy staging --empty', does: 'with all documents, results and jobs that it would lose' },
  ],
  flags: {
    lockTimeout,
    empty: toggle('Also delete what is in the buckets and queues of these stacks'),
    verbose: toggle('List destroyed resources one by one'),
  },
  arguments: namedStacksArgument,
  asks: true,
  resources: true,
  action: async (context, { lockTimeout: lockTimeoutSeconds, empty }, ...selectors) =>
    (await import('../../actions/destroy/destroy.ts')).destroy(context, { selectors, lockTimeoutSeconds, empty }),
  json: deployJson,
  render: async (result) => (await import('../render/deploy.ts')).renderDeploy(result),
});

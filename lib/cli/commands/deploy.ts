import { deployArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { lockTimeout, texts, toggle } from '../flags.ts';
import { deployJson } from '../json/deploy.ts';

export const deployVerb = defineVerb({
  brief: 'Plan against the live clouds, ask, and apply',
  description: [
    'Locks the stacks, plans them against the live clouds, shows the plan, asks, and applies it in the order of dependencies. If it is',
    'killed at any moment, the next run finishes the work: resources that an interrupted run created are imported, never created twice.',
  ].join('\n'),
  examples: [
    { command: 'tandem deploy paris', does: 'one cloud: its networks, images and flavors' },
    { command: 'tandem deploy alice --yes', does: 'one dev environment, without a question' },
    { command: "tandem deploy 'openstack/lab/**'" },
    { command: 'tandem deploy prod.json', does: 'what a bundle has, and nothing else, once it is approved' },
    {
      command: 'tandem deploy staging --leave-behind aws/staging/network --leave-behind aws/staging/cluster',
      does: 'after a changed account or Region: what is in the old one stays there',
    },
    { command: 'tandem deploy alice --revert-ahead', does: 'knowingly back to before what a colleague applied' },
    { command: 'tandem deploy --resume', does: 'go on after a kill, a Ctrl-C or a failure' },
    { command: 'tandem deploy --recreate openstack/paris/base', does: 'after a cloud was rebuilt, or lost a part' },
  ],
  flags: {
    lockTimeout,
    verbose: toggle('List created resources one by one'),
    resume: toggle('Go on with an interrupted operation'),
    leaveBehind: texts('Stack whose target changed: leave what it has where it is; may be repeated', 'STACK'),
    revertAhead: toggle('Revert knowingly what was applied from a commit that this checkout does not have'),
    skipLadder: toggle('In an emergency: deploy before the environment that comes first has it'),
    recreate: toggle('Forget what the cloud says it no longer has, and create it anew'),
  },
  arguments: deployArgument,
  asks: true,
  resources: true,
  action: async (
    context,
    { lockTimeout: lockTimeoutSeconds, resume, recreate, revertAhead, leaveBehind, skipLadder },
    ...selectors
  ) =>
    (await import('../../actions/deploy/deploy.ts')).deploy(context, {
      selectors,
      resume,
      recreate,
      revertAhead,
      skipLadder,
      ...(leaveBehind === undefined ? {} : { leaveBehind }),
      lockTimeoutSeconds,
    }),
  json: deployJson,
  render: async (result) => (await import('../render/deploy.ts')).renderDeploy(result),
});

import { buildCommand } from '@stricli/core';
import { askFlags } from '../asking.ts';
import { commonFlags } from '../common-flags.ts';
import { someStacks } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';
import { deployFlags } from '../deploy-flags.ts';
import type { DeployFlags } from '../deploying.ts';

async function destroy(this: TandemContext, flags: DeployFlags, first: string, ...others: string[]): Promise<void> {
  const { openDeploying, runDeploy } = await import('../deploying.ts');
  const { argumentsOf, chooseDestroy } = await import('../../deploy/choose.ts');
  const opened = await openDeploying(this);
  const { targets, left } = await chooseDestroy(opened.ports, opened.project, [first, ...others]);
  for (const { id, reason } of left) this.log(`${id} is left alone: ${reason}\n`);
  await runDeploy(this, flags, opened, { verb: 'destroy', targets, arguments: argumentsOf(targets) });
}

export const destroyCommand = buildCommand({
  func: destroy,
  parameters: {
    flags: { ...commonFlags, ...askFlags, ...deployFlags },
    aliases: { y: 'yes' },
    positional: { ...someStacks, minimum: 1 },
  },
  docs: {
    brief: 'Remove all that a stack has in its cloud',
    fullDescription: [
      'Removes what was last applied of the stacks that are named; none are named by default. What the stack does not own is never',
      'touched. A stack that this checkout lacks is destroyed only where history shows that it was removed on purpose.',
      'Dev environments: `tandem env destroy` also removes the lease and what its users made.',
      '',
      'Examples:',
      '  tandem destroy openstack/lab/base',
      "  tandem destroy 'openstack/lab/**' --yes",
    ].join('\n'),
  },
});

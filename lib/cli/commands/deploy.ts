import { buildCommand } from '@stricli/core';
import { askFlags } from '../asking.ts';
import { commonFlags } from '../common-flags.ts';
import { someStacks } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';
import { deployFlags } from '../deploy-flags.ts';
import type { DeployFlags } from '../deploying.ts';

interface Flags extends DeployFlags {
  readonly resume: boolean;
}

async function deploy(this: TandemContext, flags: Flags, ...selectors: string[]): Promise<void> {
  const { openDeploying, runDeploy } = await import('../deploying.ts');
  const { argumentsOf, chooseDeploy, chooseResume } = await import('../../deploy/choose.ts');
  const opened = await openDeploying(this);
  if (flags.resume) {
    const { operation, targets } = await chooseResume(opened.ports, opened.project, selectors);
    await runDeploy(this, flags, opened, { verb: operation.verb, targets, operation: operation.id });
    return;
  }
  const { targets, left } = await chooseDeploy(opened.ports, opened.project, selectors);
  for (const { id, reason } of left) this.log(`${id} is left alone: ${reason}\n`);
  await runDeploy(this, flags, opened, { verb: 'deploy', targets, arguments: argumentsOf(targets) });
}

export const deployCommand = buildCommand({
  func: deploy,
  parameters: {
    flags: {
      ...commonFlags,
      ...askFlags,
      ...deployFlags,
      resume: { kind: 'boolean', brief: 'Go on with an interrupted operation', default: false, withNegated: false },
    },
    aliases: { y: 'yes' },
    positional: someStacks,
  },
  docs: {
    brief: 'Plan against the live clouds, ask, and apply',
    fullDescription: [
      'Locks the stacks, plans them against the live clouds, shows the plan, asks, and applies it in the order of dependencies. Killed',
      'at any moment and run again, it finishes; what an interrupted run left in the cloud is taken over, never made twice.',
      '',
      'Examples:',
      '  tandem deploy paris                  one cloud: its networks, images and flavors',
      '  tandem deploy alice --yes            one dev environment, without a question',
      "  tandem deploy 'openstack/lab/**'",
      '  tandem deploy --resume               what a kill, a Ctrl-C or a failure left unfinished',
    ].join('\n'),
  },
});

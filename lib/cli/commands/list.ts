import { buildCommand } from '@stricli/core';
import { type CommonFlags, commonFlags } from '../common-flags.ts';
import { someStacks } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';

async function list(this: TandemContext, flags: CommonFlags, ...selectors: string[]): Promise<void> {
  const { openDeploying } = await import('../deploying.ts');
  const { listStacks, renderList } = await import('../../deploy/list.ts');
  const { ports, project } = await openDeploying(this);
  const stacks = await listStacks(ports, project, selectors);
  this.out(flags.json ? `${JSON.stringify({ format: 'tandem.list/1', stacks }, null, 2)}\n` : renderList(stacks));
}

export const listCommand = buildCommand({
  func: list,
  parameters: {
    flags: commonFlags,
    positional: someStacks,
  },
  docs: {
    brief: 'List stacks: configured or not, what was last applied, by whom, and who works on them now',
    fullDescription: "Examples:\n  tandem list\n  tandem list 'openstack/*/dev/*' --json",
  },
});

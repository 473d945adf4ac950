import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand } from '@stricli/core';
import type { GrowPorts } from '../../../cloud-operations/growth/grow.ts';
import { declined } from '../../../deploy/errors.ts';
import { treeFolder } from '../../../engines/kolla/written-tree.ts';
import { notKolla } from '../../../private-cloud/kolla/errors.ts';
import { type AskFlags, ask, askFlags } from '../../asking.ts';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import { interruption } from '../../interruption.ts';
import { requireProject } from '../../workspace.ts';

interface GrowFlags extends CommonFlags, AskFlags {
  readonly to: 'starter' | 'converged' | 'separated';
  readonly execute: boolean;
}

async function grow(this: TandemContext, flags: GrowFlags, name: string): Promise<void> {
  const cloud = requireProject(this).clouds.get(name);
  if (cloud?.value.kolla === undefined) throw notKolla(name, []);
  const { openDeploying } = await import('../../deploying.ts');
  const { executeGrow, planGrow, writeStepInventories } = await import('../../../cloud-operations/growth/grow.ts');
  const { growthJson, renderGrowth } = await import('../../../cloud-operations/growth/render.ts');
  const { ports } = await openDeploying(this);
  const growth = await planGrow(ports, cloud, flags.to);
  const folder = join(this.root(), treeFolder(name));
  if (existsSync(folder)) writeStepInventories(folder, growth);
  this.out(flags.json ? growthJson(growth) : renderGrowth(growth));
  if (!flags.execute || growth.steps.length === 0) return;
  if (!(await ask(this, flags, 'Run these steps?'))) throw declined();
  const secrets = cloud.value.kolla.secrets;
  const onStep: GrowPorts['onStep'] = (key, phase) => this.log(`${key}: ${phase}\n`);
  await executeGrow({ ...ports, root: this.root(), environment: this.process.env, secrets, onStep }, growth, {
    signal: interruption(this),
    emit: () => undefined,
  });
  this.out(`${name} is ${flags.to}. Write \`layout: ${flags.to}\` into ${cloud.file}.\n`);
}

export const cloudGrowCommand = buildCommand({
  func: grow,
  parameters: {
    flags: {
      ...commonFlags,
      ...askFlags,
      to: { kind: 'enum', values: ['starter', 'converged', 'separated'], brief: 'Layout to grow to, or back to' },
      execute: { kind: 'boolean', default: false, brief: 'Do it; without it, the steps are only shown' },
    },
    positional: { kind: 'tuple', parameters: [{ brief: 'Cloud', parse: String, placeholder: 'CLOUD' }] },
  },
  docs: {
    brief:
      'Move services to hosts of their own, or back: ordered steps, each simulated, that lose no majority and no address',
    fullDescription: [
      'Shows the steps as exact commands, with what is unavailable in each. With --execute they are run one after the other, and',
      'noted in the journal: interrupted and run again, it goes on.',
      '',
      'Examples:',
      '  tandem cloud grow paris --to converged',
      '  tandem cloud grow paris --to separated --execute',
    ].join('\n'),
  },
});

import { buildCommand } from '@stricli/core';
import { type CommonFlags, commonFlags } from '../common-flags.ts';
import { someStacks } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';

interface DriftFlags extends CommonFlags {
  readonly detailedExitcode: boolean;
}

async function drift(this: TandemContext, flags: DriftFlags, ...selectors: string[]): Promise<void> {
  const { openDeploying } = await import('../deploying.ts');
  const { interruption } = await import('../interruption.ts');
  const { driftOf } = await import('../../deploy/drift.ts');
  const { renderDrift } = await import('../drift-text.ts');
  const { ports, project } = await openDeploying(this);
  const plan = await driftOf(ports, project, selectors, {
    signal: interruption(this),
    parallelism: flags.parallelism ?? 4,
  });
  this.out(flags.json ? `${JSON.stringify(plan, null, 2)}\n` : renderDrift(plan, this.colors));
  const failed = plan.stacks.some((stack) => stack.status === 'error');
  const drifted = plan.stacks.some((stack) => stack.drift.length > 0);
  this.process.exitCode = failed ? 1 : flags.detailedExitcode && drifted ? 2 : 0;
}

export const driftCommand = buildCommand({
  func: drift,
  parameters: {
    flags: {
      ...commonFlags,
      detailedExitcode: {
        kind: 'boolean',
        brief: 'Exit 0 without drift, 2 with drift, 1 on errors',
        default: false,
        withNegated: false,
      },
    },
    positional: someStacks,
  },
  docs: {
    brief: 'Show what was changed in the clouds behind the configuration',
    fullDescription: [
      'Compares what was last applied with what is there now. Changes nothing.',
      '',
      'Examples:',
      '  tandem drift',
      '  tandem drift alice --detailed-exitcode',
    ].join('\n'),
  },
});

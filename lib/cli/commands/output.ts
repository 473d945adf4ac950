import { buildCommand } from '@stricli/core';
import { type CommonFlags, commonFlags } from '../common-flags.ts';
import { stackParameter } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';

interface OutputFlags extends CommonFlags {
  readonly raw: boolean;
}

async function output(this: TandemContext, flags: OutputFlags, stack: string, name?: string): Promise<void> {
  const { openDeploying } = await import('../deploying.ts');
  const { interruption } = await import('../interruption.ts');
  const { outputsOf, showOutputs } = await import('../../deploy/outputs.ts');
  const { ports, project } = await openDeploying(this);
  const outputs = await outputsOf(ports, project, stack, {
    signal: interruption(this),
    parallelism: flags.parallelism ?? 4,
  });
  this.out(showOutputs(stack, outputs, { name, raw: flags.raw, json: flags.json }));
}

export const outputCommand = buildCommand({
  func: output,
  parameters: {
    flags: {
      ...commonFlags,
      raw: {
        kind: 'boolean',
        brief: 'The bare value of one output; the only way to see a sensitive one',
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [stackParameter, { parse: String, brief: 'One output', placeholder: 'name', optional: true }],
    },
  },
  docs: {
    brief: 'Show what a stack gives to people and to other stacks',
    fullDescription: 'Examples:\n  tandem output alice\n  tandem output alice project_id --raw',
  },
});

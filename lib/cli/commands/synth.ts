import { buildCommand } from '@stricli/core';
import { stackParameters } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';
import { type CommonFlags, commonFlags, parallelismOf } from '../flags.ts';
import { progressOf } from '../progress.ts';
import { requireProject } from '../workspace.ts';

async function synth(this: TandemContext, flags: CommonFlags, ...selectors: string[]): Promise<void> {
  const { writeArtefacts } = await import('../../synthesis/write.ts');
  const progress = progressOf(this, 'synthesizing stacks');
  const written = await writeArtefacts(requireProject(this), this.root(), selectors, {
    parallelism: parallelismOf(flags),
    onProgress: (done, total) => progress.update(done, total),
  }).finally(() => progress.end());
  if (flags.json) this.out(`${JSON.stringify({ format: 'tandem.synth/1', stacks: written }, null, 2)}\n`);
  else for (const stack of written) this.out(`${stack.id} -> ${stack.file}\n`);
}

export const synthCommand = buildCommand({
  func: synth,
  parameters: { flags: commonFlags, positional: stackParameters },
  docs: {
    brief: 'Write the artefacts of all engines: cdk.out/, cdktf.out/ and kolla.out/',
    fullDescription: [
      'Writes what `cdk synth` and `cdktn synth` write, byte for byte, and prints where each stack is.',
      '',
      'Examples:',
      '  tandem synth',
      '  tandem synth prod',
      '  tandem synth openstack/paris/base',
      "  tandem synth 'openstack/*/dev/*' --json",
    ].join('\n'),
  },
});

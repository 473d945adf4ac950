import { buildCommand } from '@stricli/core';
import { completeStacks } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';
import { type CommonFlags, commonFlags, parallelismOf } from '../flags.ts';
import { requireProject } from '../workspace.ts';

async function why(this: TandemContext, flags: CommonFlags, asked: string): Promise<void> {
  const { explain } = await import('../explaining.ts');
  const answer = await explain(this, requireProject(this), asked, parallelismOf(flags));
  if (flags.json) this.out(`${JSON.stringify(answer, null, 2)}\n`);
  else {
    const { renderWhy } = await import('../../plan/render-why.ts');
    this.out(renderWhy(answer, this.colors));
  }
}

export const whyCommand = buildCommand({
  func: why,
  parameters: {
    flags: commonFlags,
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: String,
          brief: 'A resource, stack:resource, a stack, or file:line',
          placeholder: 'address',
          proposeCompletions: completeStacks,
        },
      ],
    },
  },
  docs: {
    brief: 'Show the line that something comes from, who wrote it, and what else the line affects',
    fullDescription: [
      'From a resource back to its lines of configuration, or from a line to all that stands on it.',
      '',
      'Examples:',
      '  tandem why alice:openstack_compute_instance_v2.web-1',
      '  tandem why openstack/paris/dev/alice',
      '  tandem why config/blueprints/di.yaml:14',
      '  tandem why config/environments/base.yaml:20 --json',
    ].join('\n'),
  },
});

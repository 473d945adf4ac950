import { buildCommand } from '@stricli/core';
import { askFlags } from '../../asking.ts';
import { commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import type { EnvironmentFlags } from '../../environments.ts';

async function destroy(this: TandemContext, flags: EnvironmentFlags, name: string): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { destroyEnvironment } = await import('../../../dev/destroy.ts');
  const result = await withEnvironments(this, flags, (ports) => destroyEnvironment(ports, name));
  if (flags.json) {
    this.out(`${JSON.stringify({ ...result, pullRequest: result.pullRequest ?? null }, null, 2)}\n`);
    return;
  }
  this.out(`${name} is gone.\n`);
  if (result.pullRequest !== undefined) this.out(`  open the pull request: ${result.pullRequest}\n`);
}

export const envDestroyCommand = buildCommand({
  func: destroy,
  parameters: {
    flags: { ...commonFlags, ...askFlags },
    positional: {
      kind: 'tuple',
      parameters: [{ parse: String, brief: 'Name of the environment', placeholder: 'name' }],
    },
  },
  docs: {
    brief: 'Give it back: remove it, and all that was made inside its project',
    fullDescription: [
      'Names what will be lost, asks, deletes the lease and commits that, and removes everything inside the project.',
      'A checkout that lacks the lease cannot do it.',
      '',
      'Example:',
      '  tandem env destroy alice',
    ].join('\n'),
  },
});

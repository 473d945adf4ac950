import { buildCommand } from '@stricli/core';
import { askFlags } from '../../asking.ts';
import { commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import type { EnvironmentFlags } from '../../environments.ts';
import { requireProject } from '../../workspace.ts';

type ReapFlags = EnvironmentFlags & { readonly execute: boolean };

async function reap(this: TandemContext, flags: ReapFlags): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { reap: run } = await import('../../../dev/reaper.ts');
  const project = requireProject(this);
  const execute = flags.execute || flags.yes || flags.autoApprove;
  const { actions, failures } = await withEnvironments(this, { ...flags, yes: execute }, (ports) =>
    run(ports, project, execute),
  );
  if (flags.json) {
    const failed = failures.map((error) => error.message);
    this.out(`${JSON.stringify({ format: 'tandem.reap/1', executed: execute, actions, failures: failed }, null, 2)}\n`);
  } else {
    const { renderReap } = await import('../../../dev/render.ts');
    this.out(renderReap(actions, execute));
    for (const error of failures) this.log(`${error.message}\n`);
  }
  this.process.exitCode = failures.length > 0 ? 1 : 0;
}

export const envReapCommand = buildCommand({
  func: reap,
  parameters: {
    flags: {
      ...commonFlags,
      ...askFlags,
      execute: {
        kind: 'boolean',
        brief: 'Do it, instead of only telling; so does --yes',
        default: false,
        withNegated: false,
      },
    },
  },
  docs: {
    brief: 'Warn of leases that end, stop those that ended, and delete what stayed stopped',
    fullDescription: [
      'Only tells what it would do, unless --execute is given. An environment that ended is frozen first, and deleted by a run',
      'three days later; protected ones are spared. For a timer:',
      '',
      '  tandem env reap --execute --non-interactive',
    ].join('\n'),
  },
});

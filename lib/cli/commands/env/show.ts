import { buildCommand } from '@stricli/core';
import { askFlags } from '../../asking.ts';
import { commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import type { EnvironmentFlags } from '../../environments.ts';
import { requireProject } from '../../workspace.ts';

async function show(this: TandemContext, flags: EnvironmentFlags, name: string): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { showEnvironment } = await import('../../../dev/show.ts');
  const project = requireProject(this);
  const shown = await withEnvironments(this, flags, (ports) => showEnvironment(ports, project, name));
  if (flags.json) this.out(`${JSON.stringify({ format: 'tandem.environment/1', ...shown }, null, 2)}\n`);
  else {
    const { renderShow } = await import('../../../dev/render-show.ts');
    this.out(renderShow(shown, project.organisation.value.currency));
  }
}

export const envShowCommand = buildCommand({
  func: show,
  parameters: {
    flags: { ...commonFlags, ...askFlags },
    positional: {
      kind: 'tuple',
      parameters: [{ parse: String, brief: 'Name of the environment', placeholder: 'name' }],
    },
  },
  docs: {
    brief: 'Show one environment: its lease, servers, load balancers, endpoints and drift',
    fullDescription: 'Example:\n  tandem env show alice',
  },
});

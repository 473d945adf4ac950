import { buildCommand } from '@stricli/core';
import { askFlags } from '../../asking.ts';
import { commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import type { EnvironmentFlags } from '../../environments.ts';
import { requireProject } from '../../workspace.ts';

type ListFlags = EnvironmentFlags & { readonly cloud?: string; readonly drift: boolean };

async function list(this: TandemContext, flags: ListFlags): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { listEnvironments } = await import('../../../dev/list.ts');
  const project = requireProject(this);
  const { cloud, drift } = flags;
  const rows = await withEnvironments(this, flags, (ports) => listEnvironments(ports, project, { cloud, drift }));
  const { currency } = project.organisation.value;
  if (flags.json)
    this.out(`${JSON.stringify({ format: 'tandem.environments/1', currency, environments: rows }, null, 2)}\n`);
  else {
    const { renderList } = await import('../../../dev/render.ts');
    this.out(renderList(rows, currency));
  }
}

export const envListCommand = buildCommand({
  func: list,
  parameters: {
    flags: {
      ...commonFlags,
      ...askFlags,
      cloud: { kind: 'parsed', parse: String, brief: 'Only those of one cloud', optional: true, placeholder: 'NAME' },
      drift: {
        kind: 'boolean',
        brief: 'Ask the clouds what differs from what was applied; takes seconds for each',
        default: false,
        withNegated: false,
      },
    },
  },
  docs: {
    brief: 'Show every lease: owner, age, end, cost, state',
    fullDescription: 'Examples:\n  tandem env list\n  tandem env list --cloud lab --drift --json',
  },
});

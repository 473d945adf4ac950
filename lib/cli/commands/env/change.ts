import { buildCommand } from '@stricli/core';
import type { ChangeResult } from '../../../dev/change.ts';
import { counted } from '../../../text/plural.ts';
import { askFlags } from '../../asking.ts';
import { commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import type { EnvironmentFlags } from '../../environments.ts';

const flags = { ...commonFlags, ...askFlags };
const positional = {
  kind: 'tuple',
  parameters: [{ parse: String, brief: 'Name of the environment', placeholder: 'name' }],
} as const;

type ExtendFlags = EnvironmentFlags & { readonly for?: string };

async function extend(this: TandemContext, given: ExtendFlags, name: string): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { extendLease } = await import('../../../dev/change.ts');
  report(this, given, await withEnvironments(this, given, (ports) => extendLease(ports, name, given.for)));
}

async function freeze(this: TandemContext, given: EnvironmentFlags, name: string): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { freezeEnvironment } = await import('../../../dev/change.ts');
  report(this, given, await withEnvironments(this, given, (ports) => freezeEnvironment(ports, name)));
}

async function thaw(this: TandemContext, given: EnvironmentFlags, name: string): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { thawEnvironment } = await import('../../../dev/change.ts');
  report(this, given, await withEnvironments(this, given, (ports) => thawEnvironment(ports, name)));
}

function report(context: TandemContext, given: EnvironmentFlags, result: ChangeResult): void {
  const { name, stack, lease } = result.environment;
  const { state, until } = lease.value;
  const { changes, pullRequest } = result;
  if (given.json) {
    context.out(
      `${JSON.stringify({ name, stack, state, until, changes, pullRequest: pullRequest ?? null }, null, 2)}\n`,
    );
    return;
  }
  context.out(`${name} is ${state}, leased until ${until} (${counted(changes, 'change')}).\n`);
  if (pullRequest !== undefined) context.out(`  open the pull request: ${pullRequest}\n`);
}

export const envExtendCommand = buildCommand({
  func: extend,
  parameters: {
    flags: {
      ...flags,
      for: {
        kind: 'parsed',
        parse: String,
        brief: "How much longer: 12h, 7d or 2w; default: the policy's",
        optional: true,
        placeholder: 'TIME',
      },
    },
    positional,
  },
  docs: {
    brief: 'Lease it for longer, within the policy',
    fullDescription: 'Changes only `until`, and at most one resource.\n\nExample:\n  tandem env extend alice --for 7d',
  },
});

export const envFreezeCommand = buildCommand({
  func: freeze,
  parameters: { flags, positional },
  docs: {
    brief: 'Stop it and give its capacity back; disks, volumes and addresses are kept',
    fullDescription: 'Example:\n  tandem env freeze alice',
  },
});

export const envThawCommand = buildCommand({
  func: thaw,
  parameters: { flags, positional },
  docs: {
    brief: 'Start a frozen environment again, where there is room for it',
    fullDescription: 'Example:\n  tandem env thaw alice',
  },
});

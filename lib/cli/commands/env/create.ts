import { readFileSync } from 'node:fs';
import { buildCommand } from '@stricli/core';
import { askFlags } from '../../asking.ts';
import { commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import type { EnvironmentFlags } from '../../environments.ts';

type CreateFlags = EnvironmentFlags & {
  readonly blueprint: string;
  readonly owner: string;
  readonly for?: string;
  readonly cloud?: string;
  readonly user?: readonly string[];
  readonly sshKey?: readonly string[];
  readonly purpose?: string;
};

async function create(this: TandemContext, flags: CreateFlags, name: string): Promise<void> {
  const { withEnvironments } = await import('../../environments.ts');
  const { createEnvironment } = await import('../../../dev/create.ts');
  const result = await withEnvironments(this, flags, (ports) =>
    createEnvironment(ports, {
      name,
      blueprint: flags.blueprint,
      owner: flags.owner,
      duration: flags.for,
      cloud: flags.cloud,
      users: flags.user ?? [],
      sshKeys: (flags.sshKey ?? []).map((file) => readFileSync(file, 'utf8').trim()),
      purpose: flags.purpose,
    }),
  );
  const { environment, access, credentials, changes, pullRequest } = result;
  const { lease, stack } = environment;
  if (flags.json) {
    const { owner, until } = lease.value;
    this.out(
      `${JSON.stringify({ name, stack, owner, until, changes, ...access, credentials, pullRequest: pullRequest ?? null }, null, 2)}\n`,
    );
    return;
  }
  this.out(`${name} is ready, leased to ${lease.value.owner} until ${lease.value.until} (${changes} changes).\n`);
  for (const [endpoint, url] of Object.entries(access.endpoints)) this.out(`  ${endpoint}: ${url}\n`);
  if (access.ssh !== undefined) this.out(`  log in: ${access.ssh}\n`);
  this.out(`  for OpenStack clients: OS_CLIENT_CONFIG_FILE=${credentials.file} OS_CLOUD=${credentials.entry}\n`);
  if (pullRequest !== undefined) this.out(`  open the pull request: ${pullRequest}\n`);
}

const text = (brief: string, placeholder: string) => ({ kind: 'parsed', parse: String, brief, placeholder }) as const;

export const envCreateCommand = buildCommand({
  func: create,
  parameters: {
    flags: {
      ...commonFlags,
      ...askFlags,
      blueprint: text('Blueprint of config/blueprints/', 'NAME'),
      owner: text('Who answers for it', 'E-MAIL'),
      for: { ...text("How long: 12h, 7d or 2w; default: the policy's", 'TIME'), optional: true },
      cloud: { ...text("Cloud; default: the organisation's", 'NAME'), optional: true },
      user: {
        ...text('Keystone user who may work in its project; several times for several', 'NAME'),
        optional: true,
        variadic: true,
      },
      sshKey: {
        ...text('File of an OpenSSH public key that may log in; several times for several', 'FILE'),
        optional: true,
        variadic: true,
      },
      purpose: { ...text('What it is for, in one line', 'TEXT'), optional: true },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ parse: String, brief: 'Name of the environment', placeholder: 'name' }],
    },
  },
  docs: {
    brief: 'Lease a dev environment and bring it up',
    fullDescription: [
      'Writes config/dev/NAME.yaml and commits it, checks that it fits, asks, applies, and waits until all of it works.',
      'Killed at any moment and run again, it finishes.',
      '',
      'Examples:',
      '  tandem env create alice --blueprint di --owner alice@example.org --for 7d',
      '  tandem env create alice --blueprint di --owner alice@example.org --ssh-key ~/.ssh/id_ed25519.pub --cloud lab',
    ].join('\n'),
  },
});

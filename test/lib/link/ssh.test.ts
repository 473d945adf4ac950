import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Outputs } from '../../../lib/engines/engine.ts';
import { chooseLink } from '../../../lib/link/choose.ts';
import { sshShell } from '../../../lib/link/ssh.ts';
import { LINK } from '../config/broken/links.ts';
import { minimal } from '../config/minimal.ts';

const { project } = loadProject(memoryFiles({ ...minimal(), 'config/links/main.yaml': LINK }));
if (project === undefined) throw new Error('the project has problems');
const chosen = chooseLink(project);

const KEY = `ssh-ed25519 ${'A'.repeat(68)}`;
const CONSOLE = `-----BEGIN SSH HOST KEY KEYS-----\n${KEY} root@gateway\n-----END SSH HOST KEY KEYS-----\n`;
const known = (value: string) => ({ value, sensitive: false });
const OUTPUTS: Readonly<Record<string, Outputs>> = {
  'openstack/north/link-addresses': { gateway_2_address: known('203.0.113.2') },
  'openstack/north/link': { gateway_2_server: known('c0ffee') },
};

describe('a shell on a gateway', () => {
  let folder = '';
  const asked: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-link-ssh-'));
    // Stands for ssh: says what it was asked for, and what the file for it says.
    writeFileSync(join(folder, 'ssh'), '#!/bin/sh\nfor word; do echo "word $word"; done\ncat "$6"\nexit 7\n');
    chmodSync(join(folder, 'ssh'), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const shell = (console: string | undefined, outputs = OUTPUTS) =>
    sshShell(
      {
        root: folder,
        environment: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
        outputs(stack) {
          asked.push(stack);
          return Promise.resolve(outputs[stack] ?? {});
        },
        consoleOf: (id) => Promise.resolve(id === 'c0ffee' ? console : undefined),
      },
      chosen,
    );

  it('is reached at its floating address, by the keys that its console shows', async () => {
    const { code, stdout } = await shell(CONSOLE).run(2, ['echo', 'two words']);
    expect(code).toBe(7);
    expect(stdout).toContain("word sudo echo 'two words'\n");
    for (const line of [
      ...['Host link-main-gateway-2', 'HostName 203.0.113.2', 'HostKeyAlias link-main-gateway-2.c0ffee'],
      ...['User debian', 'StrictHostKeyChecking yes'],
    ])
      expect(stdout).toContain(`${line}\n`);
    const hosts = readFileSync(join(folder, '.tandem/ssh/link-main/known_hosts'), 'utf8');
    expect(hosts).toBe(`link-main-gateway-2.c0ffee ${KEY}\n`);
    // Later the console may be gone: the key is known already.
    expect((await shell(undefined).run(2, ['true'])).stdout).toContain('StrictHostKeyChecking yes\n');
  });

  it('takes the key that is seen first where no console shows one', async () => {
    expect((await shell(undefined).run(2, ['true'])).stdout).toContain('StrictHostKeyChecking accept-new\n');
  });

  it('knows the keys of both gateways where both are asked at once', async () => {
    const both = {
      'openstack/north/link-addresses': {
        gateway_1_address: known('203.0.113.1'),
        gateway_2_address: known('203.0.113.2'),
      },
      'openstack/north/link': { gateway_1_server: known('c0ffee'), gateway_2_server: known('c0ffee') },
    };
    const one = shell(CONSOLE, both);
    await Promise.all([one.run(1, ['true']), one.run(2, ['true'])]);
    const hosts = readFileSync(join(folder, '.tandem/ssh/link-main/known_hosts'), 'utf8');
    expect(
      hosts
        .split('\n')
        .filter((line) => line !== '')
        .sort(),
    ).toEqual([1, 2].map((gateway) => `link-main-gateway-${gateway}.c0ffee ${KEY}`));
  });

  it('asks what was deployed once, however many commands run', async () => {
    asked.length = 0;
    const one = shell(CONSOLE);
    await Promise.all([one.run(2, ['true']), one.run(2, ['true'])]);
    await one.run(2, ['true']);
    expect(asked.sort()).toEqual(['openstack/north/link', 'openstack/north/link-addresses']);
  });

  it('fails for a gateway that is not there', async () => {
    await expect(shell(CONSOLE).run(1, ['true'])).rejects.toMatchObject({
      ...{ code: 'link-gateway-not-made', next: 'deploy it: `tandem deploy openstack/north/link`' },
    });
    const withoutServer = { 'openstack/north/link-addresses': OUTPUTS['openstack/north/link-addresses'] ?? {} };
    await expect(shell(CONSOLE, withoutServer).run(2, ['true'])).rejects.toMatchObject({
      code: 'link-gateway-not-made',
    });
  });
});

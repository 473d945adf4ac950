import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import type { Engine, StackEvent } from '../../../../lib/engines/engine.ts';
import { kollaEngine } from '../../../../lib/engines/kolla/kolla-engine.ts';
import { writeTree } from '../../../../lib/engines/kolla/written-tree.ts';
import { TandemError } from '../../../../lib/errors/tandem-error.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { secretFilesOf } from '../../../../lib/private-cloud/kolla/secret-files.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import type { StackRecord } from '../../../../lib/state/record.ts';
import { cloudOf } from '../../private-cloud/kolla/layouts.ts';
import { writeSecrets } from './secrets-folder.ts';

const SECRET = 'the-real-database-password';
const PROGRAM = join(import.meta.dirname, 'fake-kolla-ansible');

let root: string;
let record: StackRecord | undefined;
let environment: Record<string, string>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-kolla-'));
  record = undefined;
  environment = {
    PATH: process.env['PATH'] ?? '',
    ...{ TANDEM_KOLLA_ANSIBLE: PROGRAM, TANDEM_CHILD_ENVIRONMENT: 'FAKE_*', FAKE_KOLLA_LOG: join(root, 'calls') },
  };
  writeSecrets(join(root, 'secrets'), secretFilesOf('cloud', before()));
  writeFileSync(join(root, 'secrets/passwords.yml'), `database_password: ${SECRET}\n`);
  writeFileSync(join(root, 'secrets/config/nova/ceph.client.cinder.keyring'), `key = ${SECRET}`);
  writeFileSync(join(root, 'calls'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function engine(): Engine {
  return kollaEngine({
    ...{ root, environment },
    recorded: () => Promise.resolve(record),
    secretsOf: () => join(root, 'secrets'),
  });
}

function stackOf(cloud: Cloud): SynthesizedStack {
  const { files, citations } = renderTree('cloud', cloud);
  const text = JSON.stringify(files, null, 1);
  const head = {
    id: 'kolla/cloud',
    engine: 'kolla',
    dependsOn: [],
    unresolvedInputs: [],
    files: ['config/clouds/cloud.yaml'],
    target: {},
  } as const;
  return { ...head, text, digest: digestOf(text), citations };
}

function applied(stack: SynthesizedStack): void {
  const { text: artefact, digest } = stack;
  record = {
    ...{
      format: 'tandem.record/1',
      stack: stack.id,
      engine: 'kolla',
      digest,
      artefact,
      commit: 'c',
      files: [],
      by: 'me',
    },
    at: '2026-01-01T00:00:00Z',
  };
}

const options = { signal: new AbortController().signal, parallelism: 1 };

async function deploy(stack: SynthesizedStack): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  const frozen = await engine().plan(stack, { ...options, destroy: false, adopt: false });
  for await (const event of engine().apply(frozen, options)) events.push(event);
  return events;
}

/** What kolla-ansible was told, without where the tree is. */
function calls(): string[] {
  const lines = readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');
  return lines.map((line) => line.replaceAll(/ --(?:configdir|inventory) \S+/g, ''));
}

const before = () => cloudOf('separated');
const slower = (): Cloud => ({ ...before(), overcommit: { vcpus: 8, memory: 1 } });
const otherRouter = (): Cloud => {
  const cloud = before();
  return { ...cloud, ...(cloud.vips === undefined ? {} : { vips: { ...cloud.vips, routerId: 52 } }) };
};

describe('a deployment by Kolla-Ansible', () => {
  it('sets up a cloud that was never deployed', async () => {
    await deploy(stackOf(before()));
    expect(calls()).toEqual(['bootstrap-servers', 'prechecks', 'deploy']);
  });

  it('runs prechecks, then exactly the services whose settings changed, where they run', async () => {
    applied(stackOf(before()));
    await deploy(stackOf(slower()));
    expect(calls()).toEqual([
      'prechecks --tags nova-cell --limit compute-1',
      'reconfigure --tags nova-cell --limit compute-1',
    ]);
  });

  it('disables the units of what it stopped, and says where that failed', async () => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    symlinkSync(PROGRAM, join(bin, 'kolla-ansible'));
    const script = `#!/bin/sh\necho "ansible $*" >>"$FAKE_KOLLA_LOG"\n[ -z "$FAKE_ANSIBLE_FAIL" ] || { echo "control-b-1 | FAILED | rc=1 >>"; exit 2; }\n`;
    writeFileSync(join(bin, 'ansible'), script, { mode: 0o755 });
    environment['TANDEM_KOLLA_ANSIBLE'] = join(bin, 'kolla-ansible');
    const withHeat = before();
    applied(
      stackOf({ ...withHeat, kolla: { ...(withHeat.kolla as NonNullable<Cloud['kolla']>), services: ['heat'] } }),
    );
    environment['FAKE_ANSIBLE_FAIL'] = 'yes';
    const failed = await deploy(stackOf(before())).catch((error: unknown) => error);
    expect(JSON.stringify((failed as TandemError).details)).toContain('failed on control-b-1');
    environment['FAKE_ANSIBLE_FAIL'] = '';
    await deploy(stackOf(before()));
    const hosts = 'control-a-1,control-b-1,control-c-1';
    const [stop = '', units = ''] = calls().slice(-2);
    expect(stop).toMatch(new RegExp(`^stop --tags heat --limit ${hosts} `));
    expect(units).toContain(
      `ansible ${hosts} --become --module-name ansible.builtin.shell --args for unit in kolla-heat_api-container.service `,
    );
    expect(calls().filter((call) => call.startsWith('stop'))).toHaveLength(2);
  });

  it('gives the balancers to Kolla together, which keeps the holder of the address for last', async () => {
    applied(stackOf(before()));
    await deploy(stackOf(otherRouter()));
    expect(calls()).toEqual([
      'prechecks --tags loadbalancer --limit balancer-a-1,balancer-b-1,balancer-c-1',
      'reconfigure --tags loadbalancer --limit balancer-a-1,balancer-b-1,balancer-c-1',
    ]);
  });

  it('takes the controllers one after the other, and the OVN databases host by host', async () => {
    applied(stackOf(before()));
    const cloud = before();
    const kolla = {
      secrets: '/x',
      providerInterfaces: { physnet1: 'bond1' },
      globals: { ovn_db_inactivity_probe: '5000' },
    };
    await deploy(stackOf({ ...cloud, kolla: { ...(cloud.kolla as NonNullable<Cloud['kolla']>), ...kolla } }));
    const own = calls();
    expect(own.filter((line) => line.includes('--tags ovn-db'))).toEqual([
      'forks=1 reconfigure --tags ovn-db --limit ovn-a-1,ovn-b-1,ovn-c-1',
    ]);
    expect(
      own
        .filter((line) => /reconfigure --tags neutron\S* --limit control/.test(line))
        .map((line) => line.split(' ').at(-1)),
    ).toEqual(['control-a-1', 'control-b-1', 'control-c-1']);
  });

  it('does nothing where nothing changed, or only what no service reads', async () => {
    applied(stackOf(before()));
    const frozen = await engine().plan(stackOf(before()), { ...options, destroy: false, adopt: false });
    expect(frozen).toMatchObject({ hasEffect: false, plan: { status: 'unchanged' } });
  });

  it('goes on behind what an interrupted run had done, and checks again', async () => {
    applied(stackOf(before()));
    const cloud = { ...otherRouter(), overcommit: slower().overcommit };
    environment['FAKE_KOLLA_FAIL'] = 'reconfigure.*nova-cell';
    await expect(deploy(stackOf(cloud))).rejects.toMatchObject({ code: 'stack-failed' });
    delete environment['FAKE_KOLLA_FAIL'];
    writeFileSync(join(root, 'calls'), '');
    await deploy(stackOf(cloud));
    expect(calls().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'prechecks --tags loadbalancer,nova-cell',
      'reconfigure --tags nova-cell',
    ]);
  });

  it('fails with task and host, and keeps what the host said for the log alone', async () => {
    environment['FAKE_KOLLA_FAIL'] = 'prechecks';
    const error = await deploy(stackOf(before())).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TandemError);
    expect((error as TandemError).message).toContain('"Apply" failed on host-1');
    expect(JSON.stringify([error, (error as TandemError).message, (error as TandemError).details])).not.toContain(
      SECRET,
    );
    const log = join(root, '.tandem/work/kolla-cloud/kolla-ansible.log');
    expect(readFileSync(log, 'utf8')).toContain(SECRET);
    expect(statSync(log).mode & 0o077).toBe(0);
  });

  it('passes secrets by link and copies none', async () => {
    await deploy(stackOf(before()));
    const tree = join(root, '.tandem/work/kolla-cloud/tree');
    expect(readFileSync(join(tree, 'config/nova/ceph.client.cinder.keyring'), 'utf8')).toBe(`key = ${SECRET}`);
    expect(statSync(tree).mode & 0o077).toBe(0);
    rmSync(join(root, 'secrets'), { recursive: true });
    expect(() => readFileSync(join(tree, 'passwords.yml'))).toThrow('ENOENT');
  });

  it('fails where the secrets are not on this host', async () => {
    rmSync(join(root, 'secrets/passwords.yml'));
    await expect(deploy(stackOf(before()))).rejects.toMatchObject({ code: 'kolla-no-secrets' });
    expect(readFileSync(join(root, 'calls'), 'utf8')).toBe('');
  });

  it('fails where a certificate that a service reads is missing, before anything runs', async () => {
    rmSync(join(root, 'secrets/certificates/haproxy.pem'));
    await expect(deploy(stackOf(before()))).rejects.toMatchObject({ code: 'kolla-secrets' });
    expect(readFileSync(join(root, 'calls'), 'utf8')).toBe('');
  });

  it('is denied beforehand for the same, where the secrets are on this host', async () => {
    const preflight = () => engine().preflight?.(stackOf(before()), [], new Date());
    expect(await preflight()).toEqual([]);
    rmSync(join(root, 'secrets/certificates/haproxy.pem'));
    expect(await preflight()).toMatchObject([{ rule: 'kolla-secrets', level: 'deny', stack: 'kolla/cloud' }]);
    rmSync(join(root, 'secrets'), { recursive: true });
    expect(await preflight()).toEqual([]);
  });

  it('fails where the written tree was edited by hand', async () => {
    writeTree(root, 'cloud', JSON.parse(stackOf(before()).text) as Record<string, string>);
    writeFileSync(join(root, 'kolla.out/cloud/passwords.yml'), '');
    await deploy(stackOf(before()));
    appendFileSync(join(root, 'kolla.out/cloud/globals.yml'), 'enable_heat: true\n');
    await expect(deploy(stackOf(before()))).rejects.toMatchObject({ code: 'kolla-tree-edited' });
  });

  it('fails with another release than the tree is written for', async () => {
    environment['FAKE_KOLLA_VERSION'] = '21.0.0';
    await expect(deploy(stackOf(before()))).rejects.toMatchObject({ code: 'kolla-ansible-version' });
  });

  it('fails to remove a cloud, and to look for drift, and says what to do', async () => {
    await expect(engine().plan(stackOf(before()), { ...options, destroy: true, adopt: false })).rejects.toMatchObject({
      code: 'kolla-no-destroy',
    });
    await expect(engine().drift(stackOf(before()), options)).rejects.toMatchObject({ code: 'kolla-no-drift' });
  });

  it('fails where hosts come or go, with the command that does it', async () => {
    applied(stackOf(before()));
    const more = before();
    const compute = more.hosts['compute'] as Cloud['hosts'][string];
    const two = { ...more, hosts: { ...more.hosts, compute: { ...compute, count: 2 } } };
    await expect(deploy(stackOf(two))).rejects.toMatchObject({
      code: 'kolla-members-change',
      next: expect.stringContaining('tandem cloud add compute-2 --cloud cloud') as string,
    });
    applied(stackOf(two));
    await expect(deploy(stackOf(before()))).rejects.toMatchObject({
      next: expect.stringContaining('tandem cloud remove compute-2 --cloud cloud') as string,
    });
    expect(readFileSync(join(root, 'calls'), 'utf8')).toBe('');
  });
});

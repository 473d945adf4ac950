import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { USER_DATA_LIMIT } from '../../../lib/aws/boot-script.ts';
import { consulBootstrap, consulFiles } from '../../../lib/aws/consul-node.ts';
import { CONSUL_PROGRAM } from '../../../lib/aws/consul-program.ts';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';
import { makeSecrets, valuesOf } from '../../../lib/deploy/boot-secrets/make.ts';
import { consulFilesOf } from '../../../stacks/aws/consul-files.ts';
import { secretsOf } from '../../../stacks/aws/link-discovery.ts';
import { memorySecrets } from '../secrets/memory-secrets.ts';

const ROLES = ['server', 'client'] as const;
const props = (role: (typeof ROLES)[number]) => ({
  ...{ role, region: 'ap-southeast-2', parameterName: `/tandem/${'n'.repeat(40)}/discovery/${role}` },
});
const asked = {
  cloud: { datacenter: 'c'.repeat(40), addresses: Array<string>(5).fill('100.100.100.100'), flavor: 'small' },
  environment: { datacenter: 'd'.repeat(40), instanceType: 't3.small' },
  ...{ trust: 'link-main', servers: 5 },
};
const unit = (role: (typeof ROLES)[number]): string =>
  consulFiles(props(role)).find(({ path }) => path.endsWith('tandem-consul.service'))?.content ?? '';

/** Characters of a parameter that costs nothing by itself. */
const STANDARD = 4096;

describe('user data', () => {
  test('of a server and of a worker with an agent is bash, and has room to spare', () => {
    const worker = { parameterName: '/tandem/example/worker', region: 'ap-southeast-2', consul: props('client') };
    for (const script of [consulBootstrap(props('server')), workerBootstrap(worker)]) {
      expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      expect(script.length).toBeLessThan(USER_DATA_LIMIT - 2048);
    }
  });

  test('of a worker goes on whatever becomes of Consul', () => {
    const script = workerBootstrap({ parameterName: '/p', region: 'eu-west-3', consul: props('client') });
    const starts = script.split('\n').filter((line) => /^systemctl .*(?:consul|resolved)/.test(line));
    expect(starts).toHaveLength(2);
    for (const line of starts) expect(line).toMatch(/--no-block .*\|\| true$/);
    expect(script.indexOf('enable --now --no-block tandem-worker')).toBeLessThan(script.indexOf(starts[0] ?? ''));
  });
});

test('the program is Python 3.9', () => {
  const check = 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 9))';
  expect(spawnSync('python3', ['-c', check], { input: CONSUL_PROGRAM, encoding: 'utf8' })).toMatchObject({
    ...{ status: 0, stderr: '' },
  });
});

describe('the unit', () => {
  test('beside jobs has little memory and is ended first; a server has all', () => {
    expect(unit('client')).toMatch(/^MemoryMax=192M$/m);
    expect(unit('client')).toMatch(/^OOMScoreAdjust=900$/m);
    expect(unit('server')).not.toMatch(/Memory|OOM/);
  });

  test.each(ROLES)('of a %s is not root, never gives up, and holds up no shutdown', (role) => {
    expect(unit(role)).toMatch(/^User=consul$/m);
    expect(unit(role)).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit(role)).toMatch(/^TimeoutStopSec=20$/m);
  });

  test('has the folder that the settings name', () => {
    const [settings] = consulFilesOf(asked, 'example', '"10.0.0.1"').server;
    expect(settings?.content).toContain('data_dir = "/var/lib/consul"');
    expect(unit('server')).toMatch(/^StateDirectory=consul$/m);
  });
});

describe.each(ROLES)('the parameters of a %s fit into the tier that costs nothing', (role) => {
  test('settings, with the longest names and addresses', () => {
    const addresses = Array<string>(5).fill('"100.100.100.100"').join(', ');
    const said = {
      ...{ format: 'tandem.consul/1', secrets: `/tandem/${'n'.repeat(40)}/discovery/server-secrets` },
      archive: { bucket: 'b'.repeat(63), key: 'tandem-consul-1.14.4-amd64.zip', sha256: '0'.repeat(64) },
      servers: Array<string>(5).fill('100.100.100.100'),
      files: consulFilesOf(asked, 'n'.repeat(40), addresses)[role],
    };
    expect(JSON.stringify(said).length).toBeLessThan(STANDARD);
  });

  test('secrets', async () => {
    const { folder, needs } = secretsOf(asked, 'main')[role];
    const own = { lease: 'link', folder, needs: { [role]: needs }, store: memorySecrets(), now: () => new Date() };
    await makeSecrets(own);
    const values = Object.assign({}, ...Object.values(await valuesOf(own, needs))) as Record<string, string>;
    expect(Object.keys(values).sort()).toEqual(['gossip-key', 'tls.authority', 'tls.certificate', 'tls.key']);
    expect(JSON.stringify(values).length).toBeLessThan(STANDARD);
  });
});

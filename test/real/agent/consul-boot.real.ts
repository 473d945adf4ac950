import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newBucket, putObject } from '../../../lab/aws/s3/store.ts';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import { consulBootstrap } from '../../../lib/aws/consul-node.ts';
import { LabCluster } from '../../packages/worker-agent/cluster.ts';

const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
const hasAws = spawnSync('aws', ['--version']).status === 0;
const PARAMETER = '/tandem/example/discovery/server';
/** Each is a file system of its own for the script. */
const OWN = ['/opt', '/etc/tandem', '/etc/systemd/system', '/etc/consul.d'];
const KEY = 'tandem-consul.zip';

/** The user data of a server, as root, with the real AWS command line; Consul is a script that says what it is. */
describe.skipIf(!canMount || !hasAws)('a server of Consul boots', () => {
  let cluster: LabCluster;
  let path: string;
  let sha256: string;
  const made = OWN.filter((folder) => !existsSync(folder));

  beforeAll(async () => {
    for (const folder of made) mkdirSync(folder, { recursive: true });
    cluster = await LabCluster.start();
    const assets = newBucket(cluster.endpoint.state, 'assets', '111122223333', 'eu-west-3');
    const zip = join(cluster.folder, KEY);
    const pack = `import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr("consul", "#!/bin/sh\\necho this is Consul\\n")`;
    expect(spawnSync('python3', ['-c', pack, zip]).status).toBe(0);
    const body = readFileSync(zip);
    sha256 = createHash('sha256').update(body).digest('hex');
    putObject(cluster.endpoint.state, assets, { key: KEY, body });
    const stubs = join(cluster.folder, 'stubs');
    mkdirSync(stubs);
    for (const name of ['systemctl', 'useradd']) writeFileSync(join(stubs, name), '#!/bin/sh\n', { mode: 0o755 });
    // The group that the user would have.
    writeFileSync(join(cluster.folder, 'group'), `${readFileSync('/etc/group', 'utf8')}consul:x:64998:\n`);
    const aws = dirname(spawnSync('sh', ['-c', 'command -v aws'], { encoding: 'utf8' }).stdout);
    path = `${stubs}:/usr/bin:/bin:/usr/sbin:/sbin:${aws}`;
  });
  afterAll(async () => {
    for (const folder of made.reverse()) rmdirSync(folder);
    await cluster.close();
  });

  /** What the start of the unit says, after the user data, in the same file systems. */
  const boot = async (said: object, then: string) => {
    putParameter(cluster.realm, PARAMETER, JSON.stringify(said), 'String');
    const { metadataUrl } = await cluster.launch();
    const script = join(cluster.folder, 'user-data');
    writeFileSync(script, consulBootstrap({ role: 'server', region: 'eu-west-3', parameterName: PARAMETER }));
    const mounts = [
      ...OWN.map((folder) => `mount -t tmpfs own ${folder}`),
      `mount --bind ${join(cluster.folder, 'group')} /etc/group`,
    ].join(' && ');
    const start = 'set -a; . /etc/tandem/consul.env; set +a; /opt/tandem/consul prepare';
    const command = `${mounts} && bash ${script} && { ${start}; } && { ${then}; }`;
    const env = { ...cluster.environment(metadataUrl), PATH: path };
    const child = spawn('unshare', ['--mount', 'sh', '-c', command], { env });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, log };
  };
  const settings = (change: object = {}) => ({
    format: 'tandem.consul/1',
    archive: { bucket: 'assets', key: KEY, sha256 },
    secrets: `${PARAMETER}-secrets`,
    servers: ['127.0.0.1'],
    files: [
      { path: '/etc/consul.d/consul.hcl', content: 'address = "@{address}"\n', onChange: 'restart' },
      {
        path: '/etc/consul.d/gossip.hcl',
        content: 'encrypt = "@{secret gossip-key}"\n',
        mode: '0640',
        onChange: 'restart',
      },
    ],
    ...change,
  });

  test('with its program from the bucket and a secret that is kept encrypted', async () => {
    putParameter(cluster.realm, `${PARAMETER}-secrets`, JSON.stringify({ 'gossip-key': 'a-secret' }), 'SecureString');
    const look = '/opt/tandem/bin/consul; cat /etc/consul.d/*.hcl; stat -c "%a %U:%G" /etc/consul.d/gossip.hcl';
    const { code, log } = await boot(settings(), look);
    expect(log).toContain('this is Consul\naddress = "127.0.0.1"\nencrypt = "a-secret"\n640 root:consul\n');
    expect(code).toBe(0);
  });

  test.each([
    [
      'a program that is other bytes',
      { archive: { bucket: 'assets', key: KEY, sha256: '0'.repeat(64) } },
      /another checksum than 0000/,
    ],
    [
      'a program that is not there',
      { archive: { bucket: 'assets', key: 'none.zip', sha256: '0'.repeat(64) } },
      /not yet: .*\n?/,
    ],
    ['secrets that were not written yet', { secrets: '/tandem/none' }, /ParameterNotFound[^]*not yet: /],
    [
      'a secret that is not among them',
      { files: [{ path: '/etc/consul.d/x', content: '@{secret other}', onChange: 'none' }] },
      /not yet: KeyError\('other'\)/,
    ],
  ])('but not with %s: the start fails, and says why', async (_, change, why) => {
    putParameter(cluster.realm, `${PARAMETER}-secrets`, JSON.stringify({ 'gossip-key': 'a-secret' }), 'SecureString');
    const { code, log } = await boot(settings(change), 'true');
    expect(code).toBe(1);
    expect(log).toMatch(why);
    expect(log).not.toContain('a-secret');
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
    writeFileSync(join(stubs, 'useradd'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(stubs, 'systemctl'), '#!/bin/sh\necho "systemctl $*"\n', { mode: 0o755 });
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

  describe('and follows', () => {
    const file = (name: string, content: string, onChange: string) => ({
      ...{ path: `/etc/consul.d/${name}`, content, onChange },
    });
    const before = [file('a.hcl', 'one', 'restart'), file('b.pem', 'one', 'reload'), file('c.hcl', 'one', 'none')];
    const look = '; cat /etc/consul.d/a.hcl /etc/consul.d/b.pem /etc/consul.d/c.hcl';
    /** What `follow` says and leaves, once the parameter has other files; `consul` answers for the agent. */
    const follow = async (files: object[], consul: { tolerance: number; leader: string }): Promise<string> => {
      putParameter(cluster.realm, `${PARAMETER}-secrets`, '{}', 'SecureString');
      const agent = createServer(({ url = '' }, answer) => {
        answer.end(JSON.stringify(url.endsWith('leader') ? consul.leader : { FailureTolerance: consul.tolerance }));
      });
      agent.listen(8500, '127.0.0.1');
      await once(agent, 'listening');
      // Between the start and the look, the parameter changes: the shell waits for a file.
      const ready = join(cluster.folder, 'ready');
      const changed = join(cluster.folder, 'changed');
      for (const each of [ready, changed]) rmSync(each, { force: true });
      const then = `touch ${ready}; until [ -e ${changed} ]; do sleep 0.1; done; /opt/tandem/consul follow${look}`;
      const booted = boot(settings({ files: before }), then);
      while (!existsSync(ready)) await sleep(100);
      putParameter(cluster.realm, PARAMETER, JSON.stringify(settings({ files })), 'String');
      writeFileSync(changed, '');
      const { log } = await booted;
      agent.close();
      return log.slice(log.lastIndexOf('systemctl enable'));
    };

    test.each([
      [
        'settings that need a restart by one, which writes them',
        [file('a.hcl', 'two', 'restart'), before[1]!, before[2]!],
        { tolerance: 1, leader: '10.0.0.1:8300' },
        /restarts for \['\/etc\/consul\.d\/a\.hcl'\]\nsystemctl restart tandem-consul\.service\noneoneone$/,
      ],
      [
        'a restart later, while no other server may be lost',
        [file('a.hcl', 'two', 'restart'), before[1]!, before[2]!],
        { tolerance: 0, leader: '10.0.0.1:8300' },
        /waits for its turn to restart\noneoneone$/,
      ],
      [
        'a restart at once where nobody leads',
        [file('a.hcl', 'two', 'restart'), before[1]!, before[2]!],
        { tolerance: 0, leader: '' },
        /systemctl restart tandem-consul\.service\n/,
      ],
      [
        'a renewed certificate without a restart',
        [before[0]!, file('b.pem', 'two', 'reload'), before[2]!],
        { tolerance: 0, leader: '10.0.0.1:8300' },
        /takes \['\/etc\/consul\.d\/b\.pem'\]\nsystemctl reload tandem-consul\.service\nonetwoone$/,
      ],
      [
        'what a running agent learns by itself in silence',
        [before[0]!, before[1]!, file('c.hcl', 'two', 'none')],
        { tolerance: 0, leader: '10.0.0.1:8300' },
        /enable[^\n]*\noneonetwo$/,
      ],
    ])('%s', async (_, files, consul, expected) => {
      expect(await follow(files, consul)).toMatch(expected);
    });
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newBucket, putObject } from '../../../lab/aws/s3/store.ts';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';
import { NODE_FLAGS, until } from '../../packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../../packages/worker-agent/cluster.ts';

const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
const hasAws = spawnSync('aws', ['--version']).status === 0;
const PARAMETER = '/tandem/example/worker';
/** Each is a file system of its own for the script. */
const OWN = ['/opt', '/etc/tandem', '/etc/systemd/system', '/etc/logrotate.d', '/var/log/tandem'];
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** The user data of an instance whose image has an old Node.js and no package manager, as root, with the real AWS command line. */
describe.skipIf(!canMount || !hasAws)('an instance boots', () => {
  let cluster: LabCluster;
  let path: string;
  const made = OWN.filter((folder) => !existsSync(folder));
  const agent = { version: '0', bucket: 'assets', key: 'agent.mjs', sha256: '' };
  const node = { key: 'tandem-node/v24/linux.gz', sha256: '' };

  beforeAll(async () => {
    for (const folder of made) mkdirSync(folder, { recursive: true });
    cluster = await LabCluster.start();
    const assets = newBucket(cluster.endpoint.state, 'assets', '111122223333', 'eu-west-3');
    const put = (key: string, body: Buffer) => putObject(cluster.endpoint.state, assets, { key, body });
    const [bundle, binary] = [readFileSync(bundleAgent(cluster.folder)), readFileSync(realpathSync(process.execPath))];
    [agent.sha256, node.sha256] = [sha256(bundle), sha256(binary)];
    put(agent.key, bundle);
    put(node.key, gzipSync(binary, { level: 1 }));
    const stubs = join(cluster.folder, 'stubs');
    mkdirSync(stubs);
    for (const name of ['systemctl', 'useradd']) writeFileSync(join(stubs, name), '#!/bin/sh\n', { mode: 0o755 });
    const aws = dirname(spawnSync('sh', ['-c', 'command -v aws'], { encoding: 'utf8' }).stdout);
    path = `${stubs}:/opt/tandem/bin:/usr/bin:/bin:/usr/sbin:/sbin:${aws}`;
  });
  afterAll(async () => {
    for (const folder of made.reverse()) rmdirSync(folder);
    await cluster.close();
  });

  /** What `then` says after the script, in the same file systems; and its end. */
  const boot = async (config: object, then: string, seconds = 120) => {
    putParameter(cluster.realm, PARAMETER, JSON.stringify(config), 'String');
    const { metadataUrl } = await cluster.launch();
    const state = mkdtempSync(join(cluster.folder, 'state-'));
    const script = join(state, 'user-data');
    writeFileSync(script, workerBootstrap({ parameterName: PARAMETER, region: 'eu-west-3' }));
    const mounts = OWN.map((folder) => `mount -t tmpfs own ${folder}`).join(' && ');
    const command = `${mounts} && bash ${script} && { ${then}; }`;
    const env = { ...cluster.environment(metadataUrl), PATH: path, STATE_DIRECTORY: state };
    const child = spawn('unshare', ['--mount', 'sh', '-c', command], { env, detached: true });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), seconds * 1000);
    void ended.then(() => clearTimeout(timer));
    return { log: () => text, ended, stop: () => process.kill(-(child.pid ?? 0), 'SIGTERM') };
  };

  test('with agent and Node.js from the bucket, and does a job, without a package: 50 s are the bar', async () => {
    const began = performance.now();
    cluster.send('{"id":"first"}');
    const run = `/opt/tandem/fetch && exec /opt/tandem/bin/node ${NODE_FLAGS.join(' ')} /opt/tandem/worker-agent.mjs /etc/tandem/worker.json`;
    const config = cluster.workerConfig(['/bin/echo', 'booted'], { agent, node });
    const instance = await boot(config, run);
    await until('the job is done', () => cluster.result('first') === 'booted\n', 100);
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`from the start of the user data to the first result: ${seconds.toFixed(1)} s\n`);
    expect(instance.log()).not.toContain('installing');
    instance.stop();
    await instance.ended;
  });

  test.each([
    [
      'Node.js that is nowhere',
      { node: { ...node, key: 'tandem-node/none.gz' } },
      /no Node.js 24 in the image either, and no dnf/,
    ],
    [
      'an agent that is other bytes',
      { agent: { sha256: '0'.repeat(64) } },
      /agent\.mjs has another checksum than 0000/,
    ],
    ['an agent that is not there', { agent: { key: 'none.mjs' } }, /\(404\)|Not Found/],
    ['a configuration without an agent', { agent: undefined }, /KeyError: 'agent'/],
  ])('but not with %s: the start fails soon, and says why', async (_, change, why) => {
    const { agent: other, ...rest } = change as { agent?: object };
    const config = cluster.workerConfig(['/bin/true'], {
      ...{ agent: 'agent' in change && other === undefined ? undefined : { ...agent, ...other }, node, ...rest },
    });
    const instance = await boot(config, '/opt/tandem/fetch || { cat /etc/tandem/why; ls /etc/tandem; exit 1; }');
    expect(await instance.ended).toBe(1);
    expect(instance.log()).toMatch(why);
    // What was in use stays so.
    expect(instance.log()).not.toMatch(/^worker.json$/m);
  });
});

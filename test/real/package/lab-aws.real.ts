/** The emulator of AWS as a package in an empty folder: packed, installed from the registry, used through the SDK. Needs npm and its registry. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../stacks/folders.ts';

let home: string;
let process_: ChildProcess | undefined;
/** What the user has: a Node and an npm of the machine, none of this checkout. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_|^VITEST/.test(name))),
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(root))
    .join(delimiter),
};

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lab-aws-'));
  execFileSync('npm', ['pack', '--workspace', 'packages/lab-aws', '--pack-destination', home], { cwd: root, env });
  const [file = ''] = readdirSync(home).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(home, 'package.json'), '{}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `./${file}`], { cwd: home, env });
});
afterAll(() => {
  process_?.kill('SIGTERM');
  rmSync(home, { recursive: true, force: true });
});

it('starts from an empty folder, tells how it is reached, and answers the SDK with AWS’s limits', async () => {
  process_ = spawn('node_modules/.bin/tandem-lab-aws', ['--port', '0', '--rate', '0', '--seed', 'a'], {
    cwd: home,
    env,
  });
  let output = '';
  process_.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  process_.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('AWS_SECRET_ACCESS_KEY')) {
    expect(process_.exitCode, output).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const told = (name: string): string => new RegExp(`export ${name}=(\\S+)`).exec(output)?.[1] ?? '';
  const endpoint = told('AWS_ENDPOINT_URL');
  const config = {
    ...{ endpoint, region: told('AWS_REGION'), maxAttempts: 1 },
    credentials: { accessKeyId: told('AWS_ACCESS_KEY_ID'), secretAccessKey: told('AWS_SECRET_ACCESS_KEY') },
  };
  expect(
    (await new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups,
  ).toEqual([]);
  const ec2 = new EC2Client(config);
  const data = { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'm6g.large', MinCount: 1, MaxCount: 1 } as const;
  for (let call = 0; call < 5; call += 1) await ec2.send(new RunInstancesCommand(data));
  await expect(ec2.send(new RunInstancesCommand(data))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  await fetch(`${endpoint}/_lab/time`, { method: 'POST', body: JSON.stringify({ advance: 60 }) });
  await ec2.send(new RunInstancesCommand(data));
});

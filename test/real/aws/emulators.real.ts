/**
 * The rules of `test/lab/aws/contract` asked of two other emulators, which do at once what AWS does later and whose time can't be moved.
 * The result is docs/lab-aws-differences.md. A sample that changes every day is asked, and what the page lacks; all rules under
 * `npm run test:chaos`, in ten minutes. With TANDEM_WRITE_DIFFERENCES=1 the page is written, else compared.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateSubnetCommand, CreateVpcCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, expect, it } from 'vitest';
import { sample } from '../../chaos.ts';
import { type ClientConfig, targetOf } from '../../lab/aws/contract/lab-target.ts';
import type { Rule } from '../../lab/aws/contract/rule.ts';
import { RULES } from '../../lab/aws/contract/rules/rules.ts';
import { root } from '../../stacks/folders.ts';
import { freePort } from '../support/free-port.ts';
import { differencesPage, type Outcome, outcomeOf, outcomesOn } from './differences-page.ts';
import { EMULATORS, emulatorPrograms } from './python-tools.ts';

const PAGE = join(root, 'docs/lab-aws-differences.md');
const REGION = 'eu-west-3';
/** How many rules are asked by default: about a minute. */
const SAMPLE = 30;
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const child of started) {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
});

interface Emulator {
  readonly name: string;
  readonly command: (port: number) => {
    readonly program: string;
    readonly args: readonly string[];
    readonly env: object;
  };
  /** Forgets all that was made. */
  readonly reset: string;
}

const OTHERS: readonly Emulator[] = [
  {
    name: `moto ${EMULATORS.moto}`,
    command: (port) => ({ program: 'moto_server', args: ['-H', '127.0.0.1', '-p', String(port)], env: {} }),
    reset: '/moto-api/reset',
  },
  {
    name: `MiniStack ${EMULATORS.ministack}`,
    command: (port) => ({ program: 'ministack', args: [], env: { GATEWAY_PORT: String(port), LOG_LEVEL: 'ERROR' } }),
    reset: '/_ministack/reset',
  },
];

async function start({ command }: Emulator): Promise<string> {
  const port = await freePort();
  const { program, args, env } = command(port);
  started.push(spawn(join(emulatorPrograms(), program), args, { stdio: 'ignore', env: { ...process.env, ...env } }));
  const endpoint = `http://127.0.0.1:${port}`;
  for (let left = 240; left > 0; left -= 1) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return endpoint;
    await sleep(250);
  }
  throw new Error(`${program} does not answer`);
}

/** Three zones with a subnet each, as an account on AWS has by itself. */
async function prepare(config: ClientConfig): Promise<void> {
  const ec2 = new EC2Client(config);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const zones = new Set(Subnets.map(({ AvailabilityZone }) => AvailabilityZone));
  if (zones.size < 3) {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    for (const [index, letter] of ['a', 'b', 'c'].entries()) {
      const zone = { AvailabilityZone: `${REGION}${letter}`, CidrBlock: `10.0.${index * 4}.0/22` };
      await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, ...zone }));
    }
  }
  ec2.destroy();
}

const time = {
  tries: 10,
  now: () => Date.now(),
  pass: (seconds: number) => sleep(seconds <= 3 ? seconds * 1000 : 50),
};

async function ask({ run }: Rule, endpoint: string, emulator: Emulator): Promise<Outcome> {
  await fetch(`${endpoint}${emulator.reset}`, { method: 'POST' });
  const config = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  await prepare(config);
  const target = await targetOf(config, time);
  const late = sleep(60_000).then(() => {
    throw new Error('too late');
  });
  try {
    await Promise.race([run(target), late]);
    return 'as AWS';
  } catch (error) {
    return outcomeOf(error);
  } finally {
    late.catch(() => undefined);
    target.destroy();
  }
}

it(
  'compares with moto and MiniStack as the page says',
  async () => {
    const before = readFileSync(PAGE, 'utf8');
    const all = Object.values(RULES).flat();
    const columns = await Promise.all(
      OTHERS.map(async (emulator): Promise<[string, ReadonlyMap<string, Outcome>]> => {
        const outcomes = new Map(outcomesOn(before, emulator.name));
        const asked = new Set([...sample(all, SAMPLE), ...all.filter(({ says }) => !outcomes.has(says))]);
        const endpoint = await start(emulator);
        for (const each of asked) outcomes.set(each.says, await ask(each, endpoint, emulator));
        return [emulator.name, outcomes];
      }),
    );
    const page = differencesPage(RULES, new Map(columns));
    if (process.env['TANDEM_WRITE_DIFFERENCES'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  },
  45 * 60_000,
);

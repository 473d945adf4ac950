/**
 * The rules of `test/lab/aws/contract` asked of two other emulators, which do at once what AWS does later and whose time can't be moved.
 * The result is docs/lab-aws-differences.md. A sample that changes every day is asked, and what the page lacks; all rules under
 * `npm run test:chaos`, in ten minutes. What is late or differs from the page is asked again of a fresh emulator. With
 * TANDEM_WRITE_DIFFERENCES=1 the page is written, else compared.
 */
import { spawn } from 'node:child_process';
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
import { type Answers, answersTo } from './ask-again.ts';
import { differencesPage, type Outcome, outcomeOf, outcomesOn } from './differences-page.ts';
import { EMULATORS, emulatorPrograms } from './python-tools.ts';

const PAGE = join(root, 'docs/lab-aws-differences.md');
const REGION = 'eu-west-3';
/** How many rules are asked by default: about a minute. */
const SAMPLE = 30;
/** How many rules of an emulator may have no answer: more of them, and little was compared. */
const FEW = 3;
const running = new Set<() => Promise<void>>();
afterAll(async () => {
  for (const stop of running) await stop();
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

interface Running {
  readonly endpoint: string;
  stop(): Promise<void>;
}

async function start({ command }: Emulator): Promise<Running> {
  const port = await freePort();
  const { program, args, env } = command(port);
  const child = spawn(join(emulatorPrograms(), program), args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const closed = once(child, 'close');
  const stop = async () => {
    running.delete(stop);
    child.kill('SIGKILL');
    await closed;
  };
  running.add(stop);
  const endpoint = `http://127.0.0.1:${port}`;
  for (let left = 480; left > 0; left -= 1) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return { endpoint, stop };
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

/** Undefined where nothing came in a minute. */
async function ask({ run }: Rule, endpoint: string, reset: string): Promise<Outcome | undefined> {
  let destroy = (): void => undefined;
  const outcome = async (): Promise<Outcome> => {
    await fetch(`${endpoint}${reset}`, { method: 'POST' });
    const config = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    await prepare(config);
    const target = await targetOf(config, time);
    destroy = () => target.destroy();
    return run(target).then(() => 'as AWS', outcomeOf);
  };
  const late = new AbortController();
  try {
    return await Promise.race([outcome(), sleep(60_000, undefined, { signal: late.signal })]);
  } finally {
    late.abort();
    destroy();
  }
}

/** In one process; afresh in a new one, where nothing is left of a rule that was late. */
async function compare(
  emulator: Emulator,
  rules: readonly Rule[],
  known: ReadonlyMap<string, Outcome>,
): Promise<Answers> {
  let now = await start(emulator);
  const bySentence = new Map(rules.map((rule) => [rule.says, rule]));
  return answersTo([...bySentence.keys()], known, FEW, async (says, afresh) => {
    if (afresh) {
      await now.stop();
      now = await start(emulator);
    }
    return ask(bySentence.get(says)!, now.endpoint, emulator.reset);
  });
}

it(
  'compares with moto and MiniStack as the page says',
  async () => {
    const before = readFileSync(PAGE, 'utf8');
    const all = Object.values(RULES).flat();
    const columns = await Promise.all(
      OTHERS.map(async (emulator): Promise<[string, Answers]> => {
        const known = outcomesOn(before, emulator.name);
        const asked = new Set([...sample(all, SAMPLE), ...all.filter(({ says }) => !known.has(says))]);
        return [emulator.name, await compare(emulator, [...asked], known)];
      }),
    );
    for (const [name, { unanswered }] of columns) {
      for (const says of unanswered) process.stderr.write(`${name} did not answer in a minute, twice: ${says}\n`);
    }
    const page = differencesPage(RULES, new Map(columns.map(([name, { outcomes }]) => [name, outcomes])));
    if (process.env['TANDEM_WRITE_DIFFERENCES'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
    for (const [name, { unanswered }] of columns) expect(unanswered.length, name).toBeLessThanOrEqual(FEW);
  },
  45 * 60_000,
);

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeVerbs } from '../../../lib/cli/describe-verbs.ts';
import { patternOf, type Shown, sectionsOf } from '../../docs/tour.ts';
import { shellCommands } from '../../lib/cli/advice/mentions.ts';
import { freePort } from '../support/free-port.ts';
import { cdk } from './cdk.ts';
import { type AwsOperator, openOperator } from './operator.ts';

const root = join(import.meta.dirname, '../../..');
const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';

/** The commands of a section for the emulator, in their order. */
function shownIn(page: string, title: string): Shown[] {
  const found = sectionsOf(readFileSync(join(root, page), 'utf8'), 'aws').find((each) => each.title === title);
  return found?.steps.filter((step) => 'command' in step) ?? [];
}

/** What differs from run to run: seconds and minutes, times of day, ids. */
const steady = (text: string): string =>
  text
    .replaceAll(/\b\d+ min \d+ s\b|\b\d+ s\b/g, 'a while')
    .replaceAll(/\(\d\d:\d\d UTC/g, '(then')
    .replaceAll(/\bvpc-[0-9a-f]+/g, 'a network');

/** What README and tour show at the emulator, as it stands there; each test goes on from where the last one ended. */
describe('at the emulator of `lab up --aws`', () => {
  let port: number;
  let operator: AwsOperator;
  const asks = new Set(
    describeVerbs().flatMap(({ path, flags }) => (flags.some(({ name }) => name === '--yes') ? [path.join(' ')] : [])),
  );

  /** Runs it, without a question, and gives both streams as a terminal shows them. */
  async function run(command: string): Promise<string> {
    const [npx, program, ...args] = shellCommands(command)[0] ?? [];
    if (npx !== 'npx') return execFileSync('sh', ['-c', command], { cwd: operator.root, encoding: 'utf8' });
    if (program === 'cdk') {
      const app = `node ${join(root, 'stacks/aws/main.ts')}`;
      const output = join(operator.root, 'cdk.out');
      const cwd = operator.root;
      const url = `http://127.0.0.1:${port}`;
      const { exitCode, output: said } = await cdk(args, { url, account: ACCOUNT, output, app, cwd });
      expect(exitCode, said).toBe(0);
      return said;
    }
    expect(program, command).toBe('tandem');
    const isAsked = [1, 2].some((words) => asks.has(args.slice(0, words).join(' '))) && !args.includes('--dry-run');
    const { code, out, log } = await operator.tandem(...args, ...(isAsked ? ['--yes'] : []));
    expect(code, `${command}\n${log}`).toBe(0);
    return log + out;
  }
  const matches = async ({ command, output }: Shown): Promise<void> => {
    const said = (await run(command)).replaceAll(String(port), '4566');
    expect(steady(`${said.trimEnd()}\n`), command).toMatch(patternOf(steady(output)));
  };

  beforeAll(async () => {
    port = await freePort();
    operator = openOperator(`http://127.0.0.1:${port}`, ACCOUNT, REGION, true);
  });
  afterAll(async () => {
    await operator.tandem('lab', 'down', '--aws');
    operator.remove();
  });

  /** Until the scaler launched what jobs wait for: a minute, which need not be waited for. */
  async function launched(): Promise<void> {
    for (;;) {
      const { total } = JSON.parse(await operator.ok('fleet', 'status', 'staging', '--json')) as { total: number };
      if (total === 6) return;
      const body = JSON.stringify({ advance: 20 });
      await fetch(`http://127.0.0.1:${port}/_lab/time`, { method: 'POST', body });
    }
  }

  it('a first deploy says what the tour shows', async () => {
    const [up, ...deploys] = shownIn('docs/tour.md', 'Deploy');
    expect(up?.command).toBe('npx tandem lab up --aws');
    await matches({ command: `${up?.command ?? ''} --port ${port}`, output: up?.output ?? '' });
    const [bootstrap] = shownIn('README.md', 'Run the analysis cluster');
    await run(bootstrap?.command ?? '');
    expect(deploys).toHaveLength(1);
    for (const deploy of deploys) await matches(deploy);
  });

  it('the cluster is run and destroyed as README says, and operated as the tour shows', async () => {
    const commands = shownIn('README.md', 'Run the analysis cluster').map(({ command }) => command);
    const [destroy = ''] = commands.splice(-1);
    expect(destroy).toContain('tandem destroy');
    for (const command of commands.slice(1)) {
      await run(command);
      if (command.includes('job submit')) await launched();
    }
    const operations = shownIn('docs/tour.md', 'Operate the fleet');
    expect(operations).toHaveLength(1);
    for (const operation of operations) await matches(operation);
    expect(await run(destroy)).toContain('aws/staging/network destroyed');
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSchema } from '../../../lib/plan/schema.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';

let root = '';
let file = '';
let text = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-scaling-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  file = join(root, 'config/environments/prod.yaml');
  text = readFileSync(file, 'utf8');
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'first');
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The plan of an edited environment against the commit, and its Markdown. */
async function planned(edit: (before: string) => string, workload: string | undefined) {
  writeFileSync(file, edit(text));
  const workloads = join(root, 'config/workloads');
  rmSync(workloads, { recursive: true, force: true });
  if (workload !== undefined) {
    mkdirSync(workloads);
    writeFileSync(join(workloads, 'prod.csv'), workload);
  }
  const markdown = join(root, 'plan.md');
  const line = ['plan', 'aws/prod/cluster', '--base', 'HEAD', '--markdown', markdown, '--json'];
  const { code, stdout, stderr } = await tandemInProcess(root, line);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
  return { plan: planSchema.parse(JSON.parse(stdout)), markdown: readFileSync(markdown, 'utf8') };
}

/** A quiet hour, then 100 jobs of ten minutes at once, three times. */
const JOBS = `time,duration\n${[3600, 14_400, 28_800].flatMap((at) => Array<string>(100).fill(`${at},600`)).join('\n')}\n`;
const halved = (yaml: string) =>
  yaml.replace('minimum: 50', 'minimum: 10').replace('onDemandBase: 50', 'onDemandBase: 10');

describe('a plan that changes how a fleet scales', () => {
  it('says what that does on the recorded workload, in a pull request too', async () => {
    const { plan, markdown } = await planned(halved, JOBS);
    const said = plan.impact.filter((impact) => impact.text.startsWith('recorded workload'));
    expect(said).toEqual([expect.objectContaining({ fleet: 'prod', replaced: 0, old: 0 })]);
    const [impact] = said;
    expect(impact?.text).toMatch(
      /^recorded workload of 7 h \(300 jobs\): 95 of 100 jobs wait at most .*, before .*; \d+ instance-hours, before \d+ \(-\d+ %\); \d+ USD, before \d+ \(-\d+ %\)$/,
    );
    expect(markdown).toContain('95 of 100 jobs wait at most');
  });

  it('says nothing of it where no workload is recorded, or where scaling stays as it is', async () => {
    const texts = async (...args: Parameters<typeof planned>) =>
      (await planned(...args)).plan.impact.filter((impact) => impact.text.includes('recorded workload'));
    expect(await texts(halved, undefined)).toEqual([]);
    const { plan } = await planned((yaml) => yaml.replace('monthlyUsd: 60000', 'monthlyUsd: 50000'), JOBS);
    expect(plan.stacks[0]?.status).toBe('changed');
    expect(plan.impact).toEqual([]);
  });

  it('says why not, where the workload is too large for a plan', async () => {
    const many = `time,jobs,mean_seconds\n0,60001,1\n60,0,\n`;
    const { plan } = await planned(halved, many);
    expect(plan.impact.map((impact) => impact.text)).toContainEqual(
      expect.stringContaining('(60,001 jobs): too large to be simulated in a plan'),
    );
  });

  it('is a plan also where the workload cannot be read, and says what is wrong in it', async () => {
    const { plan } = await planned(halved, 'time,duration\n0,never\n');
    expect(plan.impact.map((impact) => impact.text)).toContainEqual(
      expect.stringMatching(/^recorded workload: not simulated: prod\.csv, line 2: .*; run `/),
    );
  });
});

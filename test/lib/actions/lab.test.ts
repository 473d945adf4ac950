import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labDownSchema, labStatusSchema, labUpSchema } from '../../../lib/actions/lab/schema.ts';
import { renderLabUp } from '../../../lib/cli/render/lab.ts';
import { tandemInProcess } from '../cli/in-process.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-lab-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const lab = (...args: string[]) => tandemInProcess(process.cwd(), ['lab', ...args]);

describe('flags of one kind of lab', () => {
  it.each([
    ['--ha cannot be combined with --aws', ['up', '--ha', '--aws']],
    ['--hypervisors cannot be combined with --ha', ['up', '--ha', '--hypervisors', '4']],
    ['--hypervisors cannot be combined with --aws', ['up', '--aws', '--hypervisors', '4']],
    ['--environment needs --aws', ['up', '--environment', 'staging']],
    ['--seed needs --aws', ['up', '--seed', 'a']],
    ['--port cannot be combined with --ha', ['up', '--ha', '--port', '4600']],
    ['--environment cannot be combined with --ha', ['up', '--ha', '--environment', 'staging']],
    ['--keep-packages cannot be combined with --aws', ['down', '--aws', '--keep-packages']],
  ])('%s', async (message, args) => {
    const { code, stderr } = await lab(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('what lab verbs print for scripts', () => {
  it.each([['--aws'], ['--ha'], []])('is as its schema says where nothing runs: %s', async (...flags) => {
    const { code, stdout } = await lab('status', '--json', '--directory', directory, ...flags);
    expect([code, labStatusSchema.parse(JSON.parse(stdout))]).toMatchObject([1, { state: 'stopped', lab: null }]);
  });

  it('is as its schema says where nothing is to be stopped', async () => {
    const { code, stdout } = await lab('down', '--aws', '--json', '--directory', directory);
    expect([code, labDownSchema.parse(JSON.parse(stdout))]).toMatchObject([0, { kind: 'aws', wasRunning: false }]);
  });

  it('is the same for every kind of lab that was started, but for what the lab says of itself', () => {
    const up = { format: 'tandem.lab-up/1', alreadyRunning: false, seconds: 2.1, variables: { OS_CLOUD: 'lab' } };
    labUpSchema.parse({ ...up, kind: 'openstack', phases: { packages: 1 }, lab: { region: 'lab' } });
    labUpSchema.parse({ ...up, kind: 'ha', lab: { vip: '10.66.0.10', controllers: [{ name: 'control-a-1' }] } });
  });
});

it('says for people how to use what was started', () => {
  const text = renderLabUp({
    ...{ kind: 'openstack', alreadyRunning: false, seconds: 130, lab: {} },
    ...{ variables: { OS_CLOUD: 'lab' }, notes: ['It is the cloud "lab".'] },
  });
  expect(text).toBe('The lab is up after 2 min 10 s.\nIt is the cloud "lab".\nTo use it:\n  export OS_CLOUD=lab\n');
});

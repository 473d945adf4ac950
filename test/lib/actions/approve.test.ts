import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalSchema } from '../../../lib/actions/approve/schema.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { LEASE, type Setting, startSetting } from '../deploy/bundle/setting.ts';

let setting: Setting;
let file: string;
beforeEach(async () => {
  setting = await startSetting();
  file = join(setting.root, '.tandem', 'prod.json');
  writeFileSync(file, await setting.bundle(setting.keys.author));
});
afterEach(() => setting.remove());

const approve = (...args: string[]) => tandemInProcess(setting.root, ['approve', file, '--non-interactive', ...args]);
const by = (name: keyof Setting['keys']) => ['--key', setting.keys[name].file];

describe('tandem approve', () => {
  it('signs for somebody else, after which it is deployed', async () => {
    const { code, stdout } = await approve(...by('alice'), '--yes', '--json');
    expect(code).toBe(0);
    expect(approvalSchema.parse(JSON.parse(stdout))).toMatchObject({ by: 'alice', approvedBy: ['alice'], missing: [] });
    const { stacks } = await setting.deploy(readFileSync(file, 'utf8'));
    expect(stacks.find(({ id }) => id === LEASE)).toMatchObject({ outcome: 'applied' });
  });

  it('shows what is signed, and signs nothing without a yes', async () => {
    const before = readFileSync(file, 'utf8');
    const { code, stderr } = await approve(...by('alice'), '--verbose');
    expect(code).toBe(1);
    expect(stderr).toContain(LEASE);
    expect(stderr).toContain('web');
    expect(stderr).toContain(setting.ports.commit);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.each([
    ['its author', 'author', 'own-approval'],
    ['somebody who is no approver', 'eve', 'not-an-approver'],
  ] as const)('fails for %s', async (_who, name, code) => {
    const { stdout, stderr } = await approve(...by(name), '--yes', '--json');
    expect(`${stdout}${stderr}`).toContain(code);
  });

  it('fails where the file was altered, or is not there', async () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"sig": "', '"sig": "AAAA'));
    expect((await approve(...by('alice'), '--yes')).stderr).toMatch(/prod.json (?:is not believed|was altered)/);
    const { stderr } = await tandemInProcess(setting.root, ['approve', 'nothing.json', '--yes']);
    expect(stderr).toContain('there is no bundle nothing.json');
  });
});

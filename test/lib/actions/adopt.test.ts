import { join } from 'node:path';
import { expect, test } from 'vitest';
import { confirmAdoption } from '../../../lib/actions/adopt/adopt.ts';
import type { ActionEvent } from '../../../lib/actions/context.ts';
import type { Mark } from '../../../lib/engines/lineage.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { tandemInProcess } from '../cli/in-process.ts';

const stack = StackId.parse('openstack/paris/base');
const theirs: Mark = {
  ...{ lineage: '0b7c1a52-6c1e-4b58-9d0e-6f3a2f1c9d11', by: 'ann@desk', at: '2026-11-21T10:00:00Z' },
  ...{ place: 'local files in /home/ann/infra/.tandem', where: 'project tandem-openstack-paris-base' },
  isProvisional: false,
};
const nobodys: Mark = { ...theirs, lineage: undefined, by: '', at: '', place: '' };

function answering(typed: string | undefined, { mark = theirs, lineage }: { mark?: Mark; lineage?: string } = {}) {
  const asked: string[] = [];
  const emit = (event: ActionEvent): void => {
    if (event.kind === 'message') asked.push(event.text);
  };
  const text = async (prompt: string): Promise<string | undefined> => {
    asked.push(prompt);
    return typed;
  };
  return { asked, answer: confirmAdoption({ emit, text }, stack, mark, lineage) };
}

test('only the name of the stack, typed, takes it over, after it was said from whom', async () => {
  const { asked, answer } = answering(' openstack/paris/base\n');
  expect(await answer).toBe(true);
  expect(asked[0]).toMatch(/^CAUTION: openstack\/paris\/base belongs to another state: ann@desk deployed it/);
  expect(asked[1]).toBe('Type openstack/paris/base to take it over');
  for (const other of ['', 'y', 'yes', 'paris', 'openstack/paris/basE', 'openstack/paris'])
    expect(await answering(other).answer, other).toBe(false);
});

test('where nobody can type, the very mark is named', async () => {
  await expect(answering(undefined).answer).rejects.toMatchObject({
    code: 'adopt-unconfirmed',
    next: expect.stringContaining(`--lineage ${theirs.lineage}`),
  });
  await expect(answering(undefined, { mark: nobodys }).answer).rejects.toMatchObject({
    next: expect.stringContaining('--lineage unmarked'),
  });
  const { asked, answer } = answering(undefined, { lineage: theirs.lineage ?? '' });
  expect([await answer, asked]).toEqual([true, []]);
  expect(await answering(undefined, { mark: nobodys, lineage: 'unmarked' }).answer).toBe(true);
  for (const lineage of ['unmarked', '1b7c1a52-6c1e-4b58-9d0e-6f3a2f1c9d11', ''])
    await expect(answering(stack, { lineage }).answer).rejects.toMatchObject({ code: 'other-lineage' });
});

test.each(['--yes', '-y', '--auto-approve'])('%s is no flag of it', async (flag) => {
  const root = join(import.meta.dirname, '../../..');
  const { code, stderr } = await tandemInProcess(root, ['adopt', stack, flag]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error usage: no (?:flag|alias) registered for /);
  expect(stderr).toContain(flag);
});

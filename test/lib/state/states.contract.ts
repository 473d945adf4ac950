import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { clearSealer, type Sealer, stateSealer } from '../../../lib/state/sealer.ts';
import { type RawStates, sealedStates } from '../../../lib/state/states.ts';
import { type RawVersions, sealedVersions } from '../../../lib/state/versions.ts';

const stack = 'openstack/lab/dev/alice';
const canary = 'canary-2b8d11';

/** A state of Terraform's format 4 with so many resources, the first of which holds a secret. */
function stateText(serial: number, resources = 1, lineage = 'e2b3'): string {
  const made = Array.from({ length: resources }, (_, index) => ({
    ...{
      mode: 'managed',
      type: 'terraform_data',
      name: `r${index}`,
      provider: 'provider["terraform.io/builtin/terraform"]',
    },
    instances: [{ schema_version: 0, attributes: { id: `${index}`, input: canary } }],
  }));
  return JSON.stringify({ version: 4, terraform_version: '1.11.4', serial, lineage, outputs: {}, resources: made });
}

async function sealer(): Promise<Sealer> {
  const identity = await generateIdentity();
  const recipients = [await identityToRecipient(identity)];
  return stateSealer({ recipients, environment: { TANDEM_SECRETS_KEY: identity }, keyFile: '/nowhere' });
}

/** What every place for Terraform's states and their versions must do, in clear and encrypted. */
export function statesContract(open: () => { states: RawStates; versions: RawVersions }): void {
  describe('states', () => {
    test('a state is read as it was written; a newer one of its lineage takes its place', async () => {
      const states = sealedStates(open().states, clearSealer);
      expect(await states.read(stack)).toBeUndefined();
      await states.write(stack, stateText(1));
      await states.write(stack, stateText(4, 2));
      expect(await states.read(stack)).toBe(stateText(4, 2));
      expect(await states.read('openstack/lab/base')).toBeUndefined();
    });

    test('fails to put an older state, or one of another lineage, over what is there', async () => {
      const states = sealedStates(open().states, clearSealer);
      await states.write(stack, stateText(4));
      for (const other of [stateText(3), stateText(4, 2), stateText(9, 1, 'other')])
        await expect(states.write(stack, other)).rejects.toMatchObject({ code: 'state-diverged' });
      expect(await states.read(stack)).toBe(stateText(4));
      await states.write(stack, stateText(3), true);
      expect(await states.read(stack)).toBe(stateText(3));
    });

    test('of two who replace the same state one does', async () => {
      const { states } = open();
      await states.replace(stack, undefined, 'a');
      const outcomes = await Promise.allSettled(['b', 'c', 'd'].map((after) => states.replace(stack, 'a', after)));
      expect(outcomes.filter((each) => each.status === 'fulfilled' && each.value)).toHaveLength(1);
      expect(['b', 'c', 'd']).toContain(await states.read(stack));
      expect(await states.replace(stack, undefined, 'e')).toBe(false);
    });

    test('encrypted, nothing of it is in clear, and clear text from before is read and encrypted', async () => {
      const raw = open().states;
      await sealedStates(raw, clearSealer).write(stack, stateText(1));
      const sealing = await sealer();
      const states = sealedStates(raw, sealing);
      expect(await states.read(stack)).toBe(stateText(1));
      expect(await states.reseal(stack)).toBe(true);
      expect(await raw.read(stack)).not.toContain('lineage');
      await states.write(stack, stateText(2));
      expect(await raw.read(stack)).toMatch(/^-----BEGIN AGE/);
      expect(await states.read(stack)).toBe(stateText(2));
      await expect(sealedStates(raw, await sealer()).read(stack)).rejects.toMatchObject({ code: 'state-key' });
    });
  });

  describe('versions of states', () => {
    const at = (day: number): Date => new Date(Date.UTC(2026, 0, day, 12));
    const note = (day: number) => ({ at: at(day), by: 'ops@example', operation: 'op', moment: 'after apply' });

    test('each is kept once and read back, newest first', async () => {
      const versions = sealedVersions(open().versions, clearSealer);
      const first = await versions.keep(stack, { state: stateText(1, 3), record: null }, note(1));
      expect(await versions.keep(stack, { state: stateText(1, 3), record: null }, note(2))).toEqual(first);
      await versions.keep(stack, { state: stateText(2), record: null }, note(3));
      const listed = await versions.list(stack);
      expect(listed.map(({ serial, resources }) => [serial, resources])).toEqual([
        [2, 1],
        [1, 3],
      ]);
      expect(await versions.newest(stack)).toEqual(listed[0]);
      expect(await versions.read(stack, first.id)).toEqual({ state: stateText(1, 3), record: null });
      expect(await versions.read(stack, 'nothing')).toBeUndefined();
      expect(await versions.stacks()).toEqual([stack]);
      expect(await versions.list('openstack/lab/dev/al')).toEqual([]);
    });

    test('the last 50 stay, and all of the last 90 days', async () => {
      const versions = sealedVersions(open().versions, clearSealer);
      for (let day = 1; day <= 60; day += 1)
        await versions.keep(stack, { state: stateText(day), record: null }, note(day));
      expect(await versions.list(stack)).toHaveLength(60);
      await versions.keep(stack, { state: stateText(99), record: null }, note(120));
      // Of days 1 to 60, 49 beside the newest one stay; day 30 and later are within 90 days of day 120.
      expect((await versions.list(stack)).map((each) => each.serial).at(-1)).toBe(12);
    });

    test('encrypted, they say whose and when, and nothing else; one that is broken hides no other', async () => {
      const raw = open().versions;
      const versions = sealedVersions(raw, await sealer());
      const { id } = await versions.keep(stack, { state: stateText(1), record: null }, note(1));
      const text = (await raw.get(stack, id)) ?? '';
      expect(JSON.parse(text)).toMatchObject({ stack, by: 'ops@example', serial: 1, resources: 1 });
      expect(text).toContain('-----BEGIN AGE');
      expect(await versions.reseal(stack)).toBe(1);
      expect(await versions.read(stack, id)).toEqual({ state: stateText(1), record: null });
      await raw.put(stack, '20991231T000000000-00000000', '{"trunc');
      expect((await versions.list(stack)).map((each) => each.id)).toEqual([id]);
      expect((await versions.newest(stack))?.id).toBe(id);
    });
  });
}

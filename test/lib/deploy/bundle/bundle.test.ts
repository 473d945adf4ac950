import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireApproved } from '../../../../lib/deploy/bundle/check.ts';
import { readBundle } from '../../../../lib/deploy/bundle/read.ts';
import { approversFile, BASE, inForceOf, LEASE, ONE, type Setting, startSetting, TWO } from './setting.ts';

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting();
});
afterEach(() => setting.remove());

const failsWith = (promise: Promise<unknown>, code: string, says = '') =>
  expect(promise).rejects.toMatchObject({ code, message: expect.stringContaining(says) });

/** `count` other texts, each one byte away. */
function* alterations(text: string, count: number): Generator<string> {
  const bytes = Buffer.from(text);
  let seed = 20261128;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let made = 0; made < count; made += 1) {
    const altered = Buffer.from(bytes);
    const at = random(bytes.length);
    altered[at] = ((bytes[at] ?? 0) + 1 + random(254)) % 256;
    yield altered.toString('utf8');
  }
}

describe('a bundle', () => {
  it('approved by somebody else is deployed, with who approved it in the journal', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    const { stacks } = await setting.deploy(text);
    expect(stacks).toMatchObject([
      { id: BASE, outcome: 'applied' },
      { id: LEASE, outcome: 'applied' },
    ]);
    const [ended] = await setting.ports.journal.history(1);
    expect(ended).toMatchObject({
      verb: 'deploy',
      outcome: 'succeeded',
      arguments: { bundle: readBundle(text, 'b').digest, approvedBy: 'alice', file: 'b.json' },
    });
  });

  it('is refused after any of 1,000 changes of a byte', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    const inForce = await inForceOf(setting);
    const check = (given: string) => requireApproved(readBundle(given, 'b'), inForce, [ONE], new Set());
    expect(check(text)).toEqual(['alice', 'author']);
    const passed = [...alterations(text, 1000)].filter((altered) => {
      try {
        check(altered);
        return true;
      } catch {
        return false;
      }
    });
    expect(passed).toEqual([]);
  });

  it('fails cut off, unsigned, with too few approvals, or with nobody but its author', async () => {
    const { author, alice, eve } = setting.keys;
    const unsigned = await setting.bundle();
    await failsWith(setting.deploy(unsigned), 'bundle-unsigned');
    await failsWith(setting.deploy(unsigned.slice(0, -20)), 'envelope-unreadable');
    const own = await setting.bundle(author);
    await failsWith(setting.deploy(own), 'bundle-not-approved', "1 approval besides the author's, 0 given");
    await failsWith(setting.deploy(await setting.sign(own, eve)), 'signature-unknown');
    setting.needs.splice(0, 1, TWO);
    const two = await setting.bundle(author, alice);
    await failsWith(setting.deploy(two), 'bundle-not-approved', "2 approvals besides the author's, 1 given");
    expect(setting.world.calls.filter((call) => call.startsWith('apply'))).toEqual([]);
  });

  it('fails where the approver wrote its commits', async () => {
    const { author, alice, bob } = setting.keys;
    await setting.commit({ 'config/x.txt': 'x' }, 'alice');
    const text = await setting.bundle(author, alice);
    await failsWith(setting.deploy(text), 'bundle-not-approved');
    await setting.deploy(await setting.sign(text, bob));
  });

  it('fails where what only the live plan needs is not approved', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    setting.needs.splice(0, 1, { ...ONE, of: ['all-bob'] });
    await failsWith(setting.deploy(text), 'bundle-not-approved', 'of all-bob');
    await setting.deploy(await setting.sign(text, setting.keys.bob));
  });

  it('fails a day later, at another commit, from a changed checkout, and for another place', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    const { ports } = setting;
    setting.ports = { ...ports, now: () => new Date(Date.now() + 24 * 3_600_000) };
    await failsWith(setting.deploy(text), 'bundle-expired');
    setting.ports = { ...ports, now: () => new Date(Date.now() - 3_600_000) };
    await failsWith(setting.deploy(text), 'bundle-of-the-future', 'by the clock of this machine');
    setting.ports = ports;
    setting.target = { project: 'prod' };
    await failsWith(
      setting.deploy(text),
      'bundle-of-another',
      `${BASE} goes to project prod, and to project dev there`,
    );
    setting.target = { project: 'dev' };
    setting.wanted.set(BASE, ['x', 'z']);
    await failsWith(setting.deploy(text), 'bundle-of-another', 'the artefact');
    setting.wanted.set(BASE, ['x', 'y']);
    writeFileSync(join(setting.root, 'config/new.txt'), 'x');
    await failsWith(setting.deploy(text), 'bundle-of-another', 'not committed');
    await setting.commit({});
    await failsWith(setting.deploy(text), 'bundle-of-another', 'is checked out');
  });

  it('fails where the clouds have changed since, and says how', async () => {
    const { author, alice } = setting.keys;
    await setting.deploy(await setting.bundle(author, alice));
    await setting.commit({ 'config/x.txt': '1' });
    setting.wanted.set(BASE, ['x', 'y', 'z']);
    const text = await setting.bundle(author, alice);
    setting.world.made.get(BASE)?.add('by-hand');
    await failsWith(setting.deploy(text), 'plan-differs', `${BASE}: delete by-hand is new`);
    setting.world.made.get(BASE)?.delete('by-hand');
    setting.world.made.get(BASE)?.delete('x');
    await failsWith(setting.deploy(text), 'plan-differs', `${BASE}: create x is new`);
    // An approval stays while the plan means the same.
    setting.world.made.get(BASE)?.add('x');
    await setting.deploy(text);
  });

  it('hides what masks name, and fails where that has changed since', async () => {
    const { author, alice } = setting.keys;
    const identity = await generateIdentity();
    setting.recipients = [await identityToRecipient(identity)];
    setting.masks.push('motd');
    setting.world.values?.set('web', 'hunter2 of old');
    const text = await setting.bundle(author, alice);
    const { plan } = readBundle(text, 'b').bundle;
    expect(JSON.stringify(plan)).not.toContain('hunter2');
    setting.identities = [identity];
    setting.world.values?.set('web', 'hunter2 of new');
    await failsWith(setting.deploy(text), 'plan-differs', `${LEASE}: create web has other values: motd`);
    setting.world.values?.set('web', 'hunter2 of old');
    await setting.deploy(text);
  });

  it('is deployed once', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    await setting.deploy(text);
    await failsWith(setting.deploy(text), 'bundle-deployed-already');
    await failsWith(setting.deploy(await setting.sign(text, setting.keys.bob)), 'bundle-deployed-already');
  });

  it('deployed twice at once is deployed once', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    const both = await Promise.allSettled([setting.deploy(text), setting.deploy(text)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(setting.world.calls.filter((call) => call === `apply ${BASE}`)).toHaveLength(1);
  });

  it('deployed twice, one waiting for the other, is deployed once', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    const both = await Promise.allSettled([
      setting.deploy(text, { lockTimeoutSeconds: 20 }),
      setting.deploy(text, { lockTimeoutSeconds: 20 }),
    ]);
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(setting.world.calls.filter((call) => call === `apply ${BASE}`)).toHaveLength(1);
    expect(await setting.ports.journal.open()).toEqual([]);
  });

  it('that was interrupted is gone on with, past its end too, and does no more than was approved', async () => {
    const { author, alice } = setting.keys;
    const text = await setting.bundle(author, alice);
    let left = 1;
    setting.world.onMake = () => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      return undefined;
    };
    await expect(setting.deploy(text)).rejects.toThrow();
    expect(await setting.ports.journal.open()).toHaveLength(1);
    delete setting.world.onMake;
    const { ports } = setting;
    setting.ports = { ...ports, now: () => new Date(Date.now() + 48 * 3_600_000) };
    setting.world.made.get(BASE)?.add('by-hand');
    await failsWith(setting.deploy(text), 'plan-differs', 'delete by-hand');
    setting.world.made.get(BASE)?.delete('by-hand');
    await setting.deploy(text);
    expect(await setting.ports.journal.open()).toEqual([]);
    expect(setting.world.made.get(LEASE)).toEqual(new Set(['web']));
    setting.ports = ports;
    await failsWith(setting.deploy(text), 'bundle-deployed-already');
  });
});

describe('a stack that waits', () => {
  it('whose plan has more than was approved is left, and the rest is done', async () => {
    const { author, alice } = setting.keys;
    await setting.ports.records.remove(BASE);
    setting.world.made.get(BASE)?.clear();
    setting.world.marks.clear();
    const text = await setting.bundle(author, alice);
    expect(readBundle(text, 'b').bundle.plan.stacks).toMatchObject([
      { id: BASE, status: 'changed' },
      { id: LEASE, status: 'waiting', unresolvedInputs: [{ name: 'its inputs', from: BASE }] },
    ]);
    const result = await setting.deploy(text);
    expect(result.stacks).toMatchObject([
      { id: BASE, outcome: 'applied' },
      { id: LEASE, outcome: 'waiting' },
    ]);
    expect(result.waiting).toEqual([{ stack: LEASE, beyond: ['create web'] }]);
    expect(await setting.ports.journal.open()).toEqual([]);
    expect(setting.world.made.get(LEASE)?.size ?? 0).toBe(0);
    // The rest is another bundle's.
    setting.wanted.delete(BASE);
    await setting.deploy(await setting.bundle(author, alice));
    expect(setting.world.made.get(LEASE)).toEqual(new Set(['web']));
  });
});

describe('who approves', () => {
  it('is not said by the change that is approved', async () => {
    const { author, alice, bob, eve } = setting.keys;
    await setting.deploy(await setting.bundle(author, alice));
    await setting.commit({ 'config/approvers.yaml': approversFile({ author, eve }) });
    setting.wanted.set(BASE, ['x']);
    await failsWith(setting.deploy(await setting.bundle(author, eve)), 'signature-unknown');
    setting.needs.splice(0, 1);
    await failsWith(setting.deploy(await setting.bundle(author)), 'bundle-not-approved', 'who approves');
    // Bob is taken out by this very change; nobody but the author is left of those of before.
    await failsWith(setting.deploy(await setting.bundle(author, bob)), 'signature-unknown');
    await setting.commit({ 'config/approvers.yaml': approversFile({ author, bob, eve }) });
    await setting.deploy(await setting.bundle(author, bob));
    // From now on, the new ones count.
    setting.needs.push(ONE);
    setting.wanted.set(BASE, ['x', 'y']);
    await setting.commit({ 'config/y.txt': 'y' });
    await setting.deploy(await setting.bundle(author, eve));
  });

  const top = readFileSync(join(import.meta.dirname, '../../config/minimal/config/tandem.yaml'), 'utf8');
  const PACKAGED = 'policies: { packages: [acme-policies] }\n';
  const lock = (version: string): string =>
    JSON.stringify({ packages: { 'node_modules/acme-policies': { version }, 'node_modules/other': { version } } });

  it.each([
    ['the rules change', {}, { 'stacks/policies/own.ts': 'export {};\n' }],
    ['a policy is switched off', {}, { 'config/tandem.yaml': `${top}policies: { levels: { destroys-data: off } }\n` }],
    [
      'less is hidden',
      { 'config/tandem.yaml': `${top}review: { masks: [user_data] }\n` },
      { 'config/tandem.yaml': top },
    ],
    [
      'policies are of another version',
      { 'config/tandem.yaml': `${top}${PACKAGED}`, 'package-lock.json': lock('1.0.0') },
      { 'package-lock.json': lock('1.0.1') },
    ],
  ] as const)('is asked too where %s', async (_, first, then) => {
    const { author, alice } = setting.keys;
    await setting.commit({ 'config/x.txt': 'x', ...first });
    await setting.deploy(await setting.bundle(author, alice));
    setting.needs.splice(0, 1);
    setting.wanted.set(BASE, ['x']);
    await setting.commit(then);
    const text = await setting.bundle(author);
    await failsWith(setting.deploy(text), 'bundle-not-approved', 'who approves, or what must be approved');
    await setting.deploy(await setting.sign(text, alice));
  });

  it('is not asked where a default is said, or another package is renewed', async () => {
    const { author, alice } = setting.keys;
    await setting.commit({ 'package-lock.json': lock('1.0.0') });
    await setting.deploy(await setting.bundle(author, alice));
    setting.needs.splice(0, 1);
    setting.wanted.set(BASE, ['x']);
    const said = `${top}policies: { fleetPercent: 50 }\nreview: { masks: [] }\n`;
    await setting.commit({ 'package-lock.json': lock('1.0.1'), 'config/tandem.yaml': said });
    await setting.deploy(await setting.bundle(author));
  });

  it('may take themselves out, all of them', async () => {
    const { author, alice } = setting.keys;
    await setting.deploy(await setting.bundle(author, alice));
    await setting.commit({ 'config/approvers.yaml': undefined });
    setting.wanted.set(BASE, ['x']);
    setting.needs.splice(0, 1);
    await setting.deploy(await setting.bundle(author, alice));
    expect((await inForceOf(setting)).isOn).toBe(false);
  });
});

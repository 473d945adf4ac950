import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { executeRecovery, planRecover } from '../../../../lib/cloud-operations/recovery/execute.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { DarkHosts, HOSTS } from './dark-hosts.ts';

const [a, b, c] = HOSTS;
const { signal } = new AbortController();
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-recover-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const portsOf = (dark: DarkHosts, steps: string[] = []) => ({
  ...dark.ports(),
  journal: localJournal(root),
  locks: localLocks(root),
  actor: { by: 'me@here', host: 'here' },
  commit: '',
  now: () => new Date('2026-01-01T00:00:00Z'),
  onStep: (key: string, phase: string) => void steps.push(`${phase} ${key}`),
});
const request = { cloud: 'paris', kolla: { containerEngine: 'docker', globals: {} }, without: [] } as const;

async function recover(dark: DarkHosts, steps: string[] = []): Promise<string> {
  const ports = portsOf(dark, steps);
  const recovery = await planRecover(ports, request, signal);
  await executeRecovery(ports, recovery, { signal, emit: () => undefined });
  return recovery.founder.host;
}

it('runs the plan on the newest, and ends in the journal', async () => {
  const dark = new DarkHosts({ [a]: 5, [b]: 7, [c]: 6 });
  const steps: string[] = [];
  expect(await recover(dark, steps)).toBe(b);
  expect(steps).toEqual([`start 01 found the database anew on ${b}`, `done 01 found the database anew on ${b}`]);
  expect(dark.plays.map(({ extra }) => extra?.at(-1))).toEqual([`mariadb_recover_inventory_name=${b}`]);
  expect(await localJournal(root).open()).toEqual([]);
});

it('goes on with the host that it had chosen, where the database answers again by then', async () => {
  await expect(recover(new DarkHosts({ [a]: 5, [b]: 7, [c]: 6 }, { code: 2 }))).rejects.toThrow(
    expect.objectContaining({ code: 'recovery-step-failed' }),
  );
  expect(await localJournal(root).open()).toHaveLength(1);
  // Now another would be chosen, or none, since the database runs.
  const later = new DarkHosts({ [a]: 9, [b]: 7, [c]: 6 });
  expect(await recover(later)).toBe(b);
  expect(await localJournal(root).open()).toEqual([]);
  await expect(recover(later)).rejects.toThrow(expect.objectContaining({ code: 'recovery-not-needed' }));
});

it('looks where the hosts keep their volumes', async () => {
  const dark = new DarkHosts({ [a]: 5, [b]: 7, [c]: 6 });
  const kolla = { containerEngine: 'docker', globals: { docker_runtime_directory: '/srv/docker' } } as const;
  await planRecover(portsOf(dark), { ...request, kolla }, signal);
  expect(dark.read).toHaveLength(2 * HOSTS.length);
  expect(dark.read.filter((path) => !path.startsWith('/srv/docker/volumes/'))).toEqual([]);
});

it('leaves out a host that is given up', async () => {
  const dark = new DarkHosts({ [a]: 5, [b]: 7 }, { off: [c] });
  await expect(recover(dark)).rejects.toThrow(expect.objectContaining({ code: 'recovery-host-missing' }));
  const recovery = await planRecover(portsOf(dark), { ...request, without: [c] }, signal);
  expect(recovery.places.database).toEqual([a, b]);
  expect(recovery.steps[0]?.play?.limit).toEqual([a, b]);
});

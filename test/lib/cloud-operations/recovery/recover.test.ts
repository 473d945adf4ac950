import { describe, expect, it } from 'vitest';
import { lookAtDarkCloud } from '../../../../lib/cloud-operations/recovery/look.ts';
import { runRecoveryStep } from '../../../../lib/cloud-operations/recovery/recover.ts';
import { chooseFounder } from '../../../../lib/private-cloud/recovery/choose.ts';
import { planRecovery } from '../../../../lib/private-cloud/recovery/plan.ts';
import { DarkHosts, HOSTS, PLACES } from './dark-hosts.ts';

const [a, b, c] = HOSTS;
const places = PLACES;
const { signal } = new AbortController();
const look = async (dark: DarkHosts) =>
  await lookAtDarkCloud('paris', dark.ports().hosts, places, '/var/lib/docker/volumes', signal);

describe('a look at a dark cloud', () => {
  it('gives each position, and who does not answer', async () => {
    const dark = new DarkHosts({ [a]: 5, [b]: 7 }, { off: [c] });
    const { positions, missing } = await look(dark);
    expect(Object.fromEntries(positions.map(({ host, seqno }) => [host, seqno]))).toEqual({ [a]: 5, [b]: 7 });
    expect(missing).toEqual([{ host: c, why: 'does not answer' }]);
    expect(dark.plays).toEqual([]);
  });

  it('takes a disk that is not mounted for no empty database', async () => {
    const dark = new DarkHosts({ [a]: 5, [b]: 7, [c]: 9 }, { unmounted: [c] });
    const { positions, missing } = await look(dark);
    expect(positions.map(({ host }) => host)).toEqual([a, b]);
    expect(missing).toEqual([{ host: c, why: expect.stringContaining('No such file or directory') as string }]);
    expect(() => chooseFounder({ cloud: 'paris', positions, missing, without: [] })).toThrow(
      expect.objectContaining({ code: 'recovery-host-missing' }),
    );
    expect(chooseFounder({ cloud: 'paris', positions, missing, without: [c] }).host).toBe(b);
  });

  it('refuses where the database runs', async () => {
    const dark = new DarkHosts({});
    await dark.ports().plays.run({ key: '', verb: '', tags: [], limit: [] }, [], signal);
    await expect(look(dark)).rejects.toThrow(expect.objectContaining({ code: 'recovery-not-needed' }));
  });
});

describe('a step of a recovery', () => {
  const [step] = planRecovery({ host: b, seqno: 7, why: '' }, places, 'docker');
  if (step === undefined) throw new Error('no step');

  it('is done once the members themselves say so', async () => {
    const dark = new DarkHosts({});
    await runRecoveryStep(dark.ports(), 'paris', step, places, signal);
    expect(dark.plays.map(({ verb }) => verb)).toEqual(['mariadb-recovery']);
    expect(dark.told.toSorted()).toEqual([...HOSTS.map(() => 'docker'), ...HOSTS.map(() => 'systemctl')]);
  });

  it('asks nobody else meanwhile: a broker that only starts may take minutes to answer', async () => {
    const dark = new DarkHosts({});
    const everybody = { ...PLACES, brokers: HOSTS, raft: HOSTS, balancers: HOSTS, vips: ['192.0.2.1'] };
    await runRecoveryStep({ ...dark.ports(), asked: everybody }, 'paris', step, everybody, signal);
    expect(dark.containers).toEqual(new Set(['mariadb']));
  });

  it('stops no database that runs again, where it is repeated', async () => {
    const dark = new DarkHosts({});
    for (const _ of ['once', 'again']) await runRecoveryStep(dark.ports(), 'paris', step, places, signal);
    expect(dark.told).toHaveLength(2 * HOSTS.length);
  });

  it('fails where its play does, and says how to go on', async () => {
    const dark = new DarkHosts({}, { code: 2 });
    await expect(runRecoveryStep(dark.ports(), 'paris', step, places, signal)).rejects.toThrow(
      expect.objectContaining({
        code: 'recovery-step-failed',
        message: 'paris: step "01 found the database anew on control-b-1" failed: kolla-ansible ended with exit code 2',
      }),
    );
  });
});

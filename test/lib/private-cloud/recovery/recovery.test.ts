import { describe, expect, it } from 'vitest';
import type { Membership } from '../../../../lib/private-cloud/members/membership.ts';
import { chooseFounder } from '../../../../lib/private-cloud/recovery/choose.ts';
import { planRecovery } from '../../../../lib/private-cloud/recovery/plan.ts';
import {
  askGrastate,
  askStarts,
  type GaleraPosition,
  readPosition,
} from '../../../../lib/private-cloud/recovery/position.ts';
import { faultAfter } from '../../../../lib/private-cloud/recovery/verify.ts';

const UUID = '91d0fc3b-eb75-11f1-8b2c-7f2e5b43f464';
const OTHER = 'aaaaaaaa-eb75-11f1-8b2c-7f2e5b43f464';
const [a, b, c] = ['control-a-1', 'control-b-1', 'control-c-1'] as const;

const failure = (code: string): Error => expect.objectContaining({ code }) as Error;
const grastate = (seqno: number, uuid = UUID): string =>
  `# GALERA saved state\nversion: 2.1\nuuid:    ${uuid}\nseqno:   ${seqno}\nsafe_to_bootstrap: 0\n`;
const found = (seqno: number, uuid = UUID): string =>
  `261128 21:59:38 mariadbd-safe: WSREP: Recovered position ${uuid}:${seqno}\n`;
const TOOK_PART = '2026-11-28 21:58:35 2 [Note] WSREP: Synchronized with group, ready for connections\n';

describe('the position of a database that does not run', () => {
  it('is in its file after a clean stop', () => {
    expect(readPosition(a, grastate(1490), TOOK_PART)).toEqual({ host: a, uuid: UUID, seqno: 1490 });
  });

  it('is what its last start found after a crash', () => {
    expect(readPosition(a, grastate(-1), `${found(7)}${TOOK_PART}${found(1490)}`).seqno).toBe(1490);
  });

  it('is read as the server itself says it, too', () => {
    const line = `2026-11-28 21:59:38 3 [Note] WSREP: Recovered position from storage: ${UUID}:1490\n`;
    expect(readPosition(a, grastate(-1), line).seqno).toBe(1490);
  });

  it.each([
    ['it has taken part since', `${found(7)}${TOOK_PART}`],
    ['it has not been started', ''],
    ['its tables are another cluster’s', found(7, OTHER)],
    ['its tables hold no position', found(-1)],
  ])('is unknown where %s', (_, starts) => {
    expect(readPosition(a, grastate(-1), starts)).toEqual({ host: a, uuid: UUID, seqno: undefined });
  });

  it('is none where it never belonged to a cluster', () => {
    expect(readPosition(a, '', '').uuid).toBeUndefined();
    expect(readPosition(a, grastate(-1, '00000000-0000-0000-0000-000000000000'), found(3)).uuid).toBeUndefined();
  });

  it('is asked without the container, which may not run', () => {
    const asked = [askGrastate(a, '/var/lib/docker/volumes'), askStarts(a, '/var/lib/containers/storage/volumes')];
    expect(asked.map(({ container }) => container)).toEqual([undefined, undefined]);
    expect(asked[0]?.argv[1]).toBe('/var/lib/docker/volumes/mariadb/_data/');
    expect(asked[1]?.argv.at(-1)).toBe('/var/lib/containers/storage/volumes/kolla_logs/_data/mariadb/mariadb.log');
  });
});

describe('who founds the database anew', () => {
  const at = (host: string, seqno: number, uuid: string = UUID): GaleraPosition => ({
    ...{ host, uuid, seqno },
  });
  const choose = (
    positions: readonly GaleraPosition[],
    missing: readonly string[] = [],
    without: readonly string[] = [],
  ) =>
    chooseFounder({
      ...{ cloud: 'paris', positions, without },
      missing: missing.map((host) => ({ host, why: 'does not answer' })),
    });

  it('is whoever has the last write, wherever it stands', () => {
    expect(choose([at(a, 10), at(b, 12), at(c, 11)])).toEqual({
      host: b,
      seqno: 12,
      why: `its last write is number 12; ${c} is 1 write behind; ${a} is 2 writes behind`,
    });
    expect(choose([at(a, 9), at(b, 100), at(c, 11)]).host).toBe(b);
  });

  it('is the first of equals', () => {
    expect(choose([at(a, 10), at(b, 10)])).toMatchObject({
      host: a,
      why: expect.stringContaining(`${b} has the same`) as string,
    });
  });

  it('is never one without data', () => {
    expect(choose([{ host: a, uuid: undefined, seqno: undefined }, at(b, 0)]).host).toBe(b);
  });

  it('waits for a host that does not answer, unless it is given up', () => {
    expect(() => choose([at(a, 10), at(b, 10)], [c])).toThrow(failure('recovery-host-missing'));
    expect(choose([at(a, 10), at(b, 11)], [c], [c])).toMatchObject({
      host: b,
      why: expect.stringContaining(`${c} was not asked: what only it has is lost`) as string,
    });
  });

  it('is not guessed where positions belong to two clusters', () => {
    const parted = [at(a, 10), at(b, 12, OTHER), at(c, 11)];
    expect(() => choose(parted)).toThrow(failure('recovery-contradiction'));
    expect(choose(parted, [], [b]).host).toBe(c);
  });

  it('is not guessed where one position is unknown', () => {
    expect(() => choose([at(a, 10), { ...at(b, 0), seqno: undefined }])).toThrow(
      /the database on control-b-1 of paris/,
    );
    expect(() => choose([])).toThrow(failure('recovery-position-unknown'));
  });
});

describe('the steps of a recovery', () => {
  const hosts = [a, b, c];
  const places = { database: hosts, brokers: hosts, raft: hosts, balancers: hosts };
  const steps = planRecovery({ host: b, seqno: 12, why: 'its last write is number 12' }, places, 'podman');

  it('begin with the database, on the named host', () => {
    expect(steps.map(({ expects }) => expects)).toEqual(['database', 'brokers', 'raft', 'balancers']);
    expect(steps[0]?.play).toMatchObject({
      verb: 'mariadb-recovery',
      limit: hosts,
      extra: ['-e', `mariadb_recover_inventory_name=${b}`],
    });
  });

  it('end first what would not hear that it shall stop', () => {
    expect(steps[0]?.first?.map(({ host, argv }) => [host, ...argv].join(' '))).toEqual(
      hosts.flatMap((host) => [
        `${host} systemctl --no-block stop kolla-mariadb-container.service`,
        `${host} podman stop -t 2 mariadb`,
      ]),
    );
  });

  it('start units that are stopped, on every host of theirs', () => {
    expect(steps[1]?.commands.map(({ host, argv }) => [host, ...argv].join(' '))).toEqual(
      hosts.map((host) => `${host} systemctl start kolla-rabbitmq-container.service`),
    );
  });

  it('leave out what the cloud does not have', () => {
    const founder = { host: b, seqno: 1, why: '' };
    expect(planRecovery(founder, { ...places, balancers: [] }, 'docker').map(({ expects }) => expects)).not.toContain(
      'balancers',
    );
  });
});

describe('what must hold after a step', () => {
  const hosts = [a, b, c];
  const places = { database: hosts, brokers: hosts, raft: hosts, balancers: hosts };
  const good: Membership = {
    unanswered: [],
    database: hosts.map((host) => ({ host, size: 3, synced: true, uuid: UUID })),
    brokers: hosts.map((host) => ({ host, running: hosts, known: hosts, partitions: [] })),
    queues: [{ name: 'q', type: 'quorum', members: hosts, online: hosts, leader: a }],
    raft: (['OVN_Northbound', 'OVN_Southbound'] as const).flatMap((database) =>
      hosts.map((host, index) => ({ database, host, role: index === 0 ? 'leader' : 'follower', servers: [] })),
    ),
    vips: [{ address: '10.0.0.10', hosts: [a] }],
  };

  it('holds where all agree', () => {
    for (const expects of ['database', 'brokers', 'raft', 'balancers'] as const)
      expect(faultAfter(good, expects, places), expects).toBeUndefined();
  });

  it.each<readonly [Parameters<typeof faultAfter>[1], Partial<Membership>, RegExp]>([
    ['database', { database: good.database.slice(1) }, /control-a-1 is no synced member/],
    ['database', { database: good.database.map((each) => ({ ...each, size: 2 })) }, /no synced member/],
    ['database', { database: good.database.map((each) => ({ ...each, uuid: each.host })) }, /two clusters/],
    [
      'brokers',
      { brokers: good.brokers.map((each) => ({ ...each, running: [each.host] })) },
      /does not see every broker/,
    ],
    ['brokers', { brokers: good.brokers.map((each) => ({ ...each, partitions: [b] })) }, /does not see every broker/],
    ['brokers', { queues: [{ name: 'q', type: 'stream', members: hosts, online: [a] }] }, /stream q has no majority/],
    ['raft', { raft: good.raft.slice(0, 3) }, /not every database/],
    ['raft', { raft: good.raft.map((each) => ({ ...each, role: 'follower' })) }, /0 leaders/],
    ['raft', { raft: good.raft.slice(1) }, /has no member/],
    ['balancers', { vips: [{ address: '10.0.0.10', hosts: [a, b] }] }, /on 2 hosts/],
  ])('fails for %s where something is missing: %o', (expects, change, fault) => {
    expect(faultAfter({ ...good, ...change }, expects, places)).toMatch(fault);
  });
});

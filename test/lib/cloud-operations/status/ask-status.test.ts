import { describe, expect, it } from 'vitest';
import { askStatus, type StatusPorts } from '../../../../lib/cloud-operations/status/ask-status.ts';
import { noCloudsYaml } from '../../../../lib/openstack-api/errors.ts';
import type { HostCommand } from '../../../../lib/private-cloud/members/ports.ts';
import { asConfigured, expected } from '../../private-cloud/status/cloud.ts';
import { FakeSurveys } from './fake-surveys.ts';
import { sayMembers } from './say-members.ts';

const { surveys, api } = asConfigured();
const never = new AbortController().signal;
const answer = (command: HostCommand) => sayMembers(expected, command, 'balancer-a-1');

function fake(): FakeSurveys {
  return new FakeSurveys(
    Object.fromEntries([...surveys].map(([host, { containers }]) => [host, { bootId: host, containers, answer }])),
  );
}

const servers = { hosts: [], servers: [] };
const portsOf = (surveys: FakeSurveys): StatusPorts => ({
  surveys,
  certificates: () => [],
  api: () => Promise.resolve({ compute: api.compute, agents: api.agents, volumes: api.volumes, live: servers }),
});

describe('asking a cloud', () => {
  it('asks all hosts in one run, and finds a sound cloud as its configuration says', async () => {
    const surveys = fake();
    const { differences, asked } = await askStatus(portsOf(surveys), expected, never);
    expect(differences).toEqual([]);
    expect(surveys.runs.map((hosts) => [...hosts].sort())).toEqual([[...expected.hosts].sort()]);
    expect(Object.fromEntries(asked.map(({ area, count }) => [area, count]))).toMatchObject({
      ...{ hosts: 37, database: 3, brokers: 3, queues: 1, 'OVN databases': 6, VIPs: 2 },
    });
  });

  it('tells of hosts that do not answer, and asks the next broker for queues', async () => {
    const surveys = fake();
    for (const host of ['queue-a-1', 'compute-a-1']) Object.assign(surveys.hosts.get(host) ?? {}, { isSilent: true });
    const { differences, asked } = await askStatus(portsOf(surveys), expected, never);
    expect(differences.map(({ area, subject }) => [area, subject])).toEqual([
      ['hosts', 'queue-a-1'],
      ['hosts', 'compute-a-1'],
    ]);
    expect(asked.find(({ area }) => area === 'queues')?.count).toBe(1);
  });

  it('tells why the API says nothing, and passes on what is no refusal of a cloud', async () => {
    const refused = { ...portsOf(fake()), api: () => Promise.reject(noCloudsYaml('paris', ['here'])) };
    expect((await askStatus(refused, expected, never)).differences).toMatchObject([
      { area: 'compute services', found: expect.stringContaining('clouds.yaml') as string },
    ]);
    const broken = { ...portsOf(fake()), api: () => Promise.reject(new TypeError('a fault of ours')) };
    await expect(askStatus(broken, expected, never)).rejects.toThrow('a fault of ours');
  });
});

import { describe, expect, it } from 'vitest';
import { fleetEventSchema, fleetSchema } from '../../../../lib/actions/fleet/schema.ts';
import { parseSelector } from '../../../../lib/fleet/selectors.ts';
import type { Suspension } from '../../../../lib/fleet/suspensions.ts';
import type { Machine } from '../../../../lib/fleet/view.ts';
import { AT, machine, measured, report, view } from './fleet.ts';

const codes = (machines: readonly Machine[], change: Parameters<typeof report>[1] = {}): string[] =>
  report(machines, change).findings.map(({ code }) => code);
const three = [machine(0), machine(1), machine(2)];
const lost = machine(3, { heartbeat: { at: AT - 180_000, state: 'busy', version: '0.3.0' } });

describe('what is told of a fleet', () => {
  it('counts instances by what they have, most first, and ages in their order', () => {
    const { counts } = report([...three, machine(30, { zone: 'eu-west-3a', type: 'm7g.xlarge' })]);
    expect(Object.entries(counts.zone)).toEqual([
      ['eu-west-3a', 2],
      ['eu-west-3b', 1],
      ['eu-west-3c', 1],
    ]);
    expect(counts.type).toEqual({ 'c7g.xlarge': 3, 'm7g.xlarge': 1 });
    expect(Object.keys(counts.age)).toEqual(['under 1 d', 'under 7 d']);
  });

  it('chooses by a selector, and still tells of the whole fleet', () => {
    const { machines, total, findings } = report([...three, lost], { choice: { where: parseSelector('zone=b') } });
    expect([machines.map(({ zone }) => zone), total]).toEqual([['eu-west-3b'], 4]);
    expect(findings.map(({ code }) => code)).toEqual(['lost']);
  });

  it('shows who left the group or waits in the warm pool, unless a selector says otherwise', () => {
    const all = [
      machine(0),
      machine(1, { warm: true, lifecycleState: 'Warmed:Stopped', state: 'stopped' }),
      machine(2, { lifecycleState: 'Terminating:Wait' }),
    ];
    expect(report(all).machines).toHaveLength(3);
    expect(report(all).group).toMatchObject({ inService: 1, warm: 1 });
    expect(report(all, { choice: { where: parseSelector('zone in (a, b, c)') } }).machines).toHaveLength(1);
  });

  it('is what the schema says', () => {
    const told = report([...three, lost, machine(4, { heartbeat: undefined, program: undefined })]);
    expect(fleetSchema.parse({ format: 'tandem.fleet/1', ...told })).toEqual({ format: 'tandem.fleet/1', ...told });
    expect(fleetEventSchema.parse({ kind: 'fleet', report: told })).toEqual({ kind: 'fleet', report: told });
  });
});

describe('what needs attention', () => {
  it('is nothing in a fleet that works', () => expect(codes(three)).toEqual([]));

  it.each([
    ['lost', lost],
    ['silent', machine(3, { heartbeat: undefined })],
    ['broken', machine(3, { heartbeat: { at: AT, state: 'broken', version: '0.3.0' } })],
    ['unhealthy', machine(3, { health: 'impaired-system' })],
    ['starting-long', machine(3, { lifecycleState: 'Pending:Wait', heartbeat: undefined })],
    ['taken', machine(3, { takenAt: AT + 60_000 })],
    ['behind', machine(3, { templateVersion: '6' })],
    ['behind', machine(3, { imageId: 'ami-0000' })],
    ['behind', machine(3, { program: '1.1.0' })],
  ])('is %s', (code, sick) => {
    const { findings } = report([...three, sick]);
    expect(findings.map((each) => [each.code, each.machines])).toEqual([[code, [sick.id]]]);
  });

  it('is who left processes suspended, who has them, and which nobody knows of', () => {
    const operation = { id: 'o1', verb: 'fleet restart', by: 'ops@here', resume: 'tandem fleet restart prod --resume' };
    const left = { operation, processes: ['AZRebalance'], until: AT, isLeft: true } as const;
    const live = { ...left, processes: ['HealthCheck'], isLeft: false } as const;
    const suspended = ['AZRebalance', 'HealthCheck', 'Launch'];
    const told = (suspensions?: readonly Suspension[]) =>
      report(three, { view: view(three, { suspended }), suspensions }).findings.map(({ level, text, next }) => [
        level,
        text,
        next,
      ]);
    const resume = 'aws autoscaling resume-processes --auto-scaling-group-name acme-prod-workers --scaling-processes';
    expect(told([left, live])).toEqual([
      [
        'warn',
        expect.stringContaining('AZRebalance is suspended by `fleet restart` of ops@here, which was interrupted'),
        operation.resume,
      ],
      ['warn', 'Launch is suspended, by no operation of Tandem that is unfinished', `${resume} Launch`],
      [
        'info',
        expect.stringContaining(
          'HealthCheck is suspended by `fleet restart` of ops@here, which is under way; by 03:00 UTC',
        ),
        null,
      ],
    ]);
    expect(told()).toEqual([
      ['warn', expect.stringContaining('because the journal cannot be read'), `${resume} HealthCheck Launch`],
    ]);
  });

  it('is not mended by another operation before the one that is unfinished', () => {
    const operation = { id: 'o', verb: 'fleet restart', by: 'ops@here', resume: 'tandem fleet restart prod --resume' };
    const next = (isLeft: boolean) =>
      report([lost], { suspensions: [{ operation, processes: [], until: AT, isLeft }] }).findings[0]?.next;
    expect([next(true), next(false)]).toEqual([operation.resume, null]);
  });

  it('is what is missing, suspended, or left of a limit', () => {
    const group = (change: Parameters<typeof view>[1]) => ({ view: view(three, change) });
    expect(codes(three, group({ desired: 5 }))).toEqual(['missing']);
    expect(codes(three, group({ suspended: ['AZRebalance', 'HealthCheck'] }))).toEqual(['suspended']);
    expect(codes(three, group({ suspended: [] }))).toEqual(['rebalancing']);
    expect(codes(three, group({ maximum: 3 }))).toEqual(['at-maximum']);
    expect(codes(three, { measured: { ...measured, onDemand: { used: 3900, quota: 4000 } } })).toEqual(['limit']);
    expect(codes([lost])).toEqual(['lost', 'none-in-service']);
    const queues = [{ name: 'jobs', waiting: 0, running: 0, oldestSeconds: 0, deadLetters: 2 }];
    expect(codes(three, { measured: { ...measured, queues } })).toEqual(['dead-letters']);
  });

  it('is mended by a command whose selector chooses just those', () => {
    const sick = [
      lost,
      machine(4, { heartbeat: undefined }),
      machine(5, { heartbeat: { at: AT, state: 'broken', version: '0.3.0' } }),
      machine(6, { health: 'unhealthy' }),
    ];
    const all = [...three, ...sick];
    const { findings } = report(all);
    const mended = findings.flatMap(({ next, machines }) => {
      const where = /--where '(.+)'$/.exec(next ?? '')?.[1];
      return where === undefined ? [] : [[machines, where] as const];
    });
    expect(mended).toHaveLength(4);
    for (const [ids, where] of mended)
      expect(report(all, { choice: { where: parseSelector(where) } }).machines.map(({ id }) => id)).toEqual(ids);
  });
});

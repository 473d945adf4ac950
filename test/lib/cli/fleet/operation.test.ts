import { describe, expect, it } from 'vitest';
import type { ActionEvent } from '../../../../lib/actions/context.ts';
import type { OperateResult } from '../../../../lib/actions/fleet/operate.ts';
import { operationEventSchema, operationSchema } from '../../../../lib/actions/fleet/operation-schema.ts';
import { operationJson } from '../../../../lib/cli/json/fleet-operation.ts';
import { paints } from '../../../../lib/cli/paint.ts';
import { progressLine, renderOperation } from '../../../../lib/cli/render/fleet-operation.ts';
import { openReporter } from '../../../../lib/cli/reporter.ts';
import { choose } from '../../../../lib/fleet/choose.ts';
import { planFleet } from '../../../../lib/fleet/plan.ts';
import type { FleetProgress } from '../../../../lib/fleet/ports.ts';
import { AT, machine, view } from '../../fleet/look/fleet.ts';

const fleet = view(Array.from({ length: 100 }, (_, number) => machine(number)));
const headroom = { instances: 400, addresses: { 'eu-west-3a': 300 } };
const knowledge = { view: fleet, headroom, observed: { boots: [60, 70], jobs: [90] }, ledger: {}, now: AT };
const plan = planFleet(
  choose(fleet, { count: 60 }),
  { verb: 'restart', rung: 'reboot', floorPercent: 80, budget: { percent: 30, minutes: 10 } },
  knowledge,
);
const planned: OperateResult = { environment: 'prod', verb: 'restart', plan, report: undefined };
const tracked = {
  zone: 'eu-west-3a',
  rung: 'reboot',
  stage: 0,
  doubt: new Set<never>(),
  attempts: 1,
  unreached: false,
  refusals: 0,
} as const;
const done: OperateResult = {
  ...planned,
  report: {
    ...{ operation: '20261128T030000000-9f3a1c', seconds: 300, done: 1, failed: 1, gone: 0 },
    machines: [
      { ...tracked, id: machine(0).id, end: 'done' },
      { ...tracked, id: machine(1).id, end: 'failed', why: 'no heartbeat\u001b[31m in 10 min' },
    ],
    calls: { made: { RebootInstances: 2 }, throttled: 1 },
  },
};
const progress: FleetProgress = {
  ...{
    at: AT,
    stage: 1,
    stages: 3,
    waiting: 50,
    draining: 5,
    down: 3,
    done: 2,
    failed: 0,
    gone: 0,
    serving: 92,
    desired: 100,
  },
};
const view100 = { colors: paints(false), columns: 100 };

describe('an operation on a fleet', () => {
  it('is shown before it begins: how, within which bounds, in which waves and calls, and until when', () => {
    const text = renderOperation(planned, view100);
    expect(text).toMatch(
      /^60 instances of acme-prod-workers: reboot 60\nat least 80 % stay in service, at most 30 % in 10 min/,
    );
    expect(text).toMatch(/ReplaceUnhealthy.* are suspended meanwhile/);
    expect(text).toMatch(/wave +stage +instances +calls\n1 +canary +1 +SendCommand \d+, RebootInstances 1\n2 +2 +3 /);
    expect(text).toMatch(/predicted finish: .*; nine in ten end within .* to /);
  });

  it('takes what is out of service anyway with each wave, and more once it is back', () => {
    const half = view(
      Array.from({ length: 100 }, (_, number) => machine(number, number < 48 ? { heartbeat: undefined } : {})),
    );
    const { waves } = planFleet(
      choose(half, {}),
      { verb: 'restart', rung: 'reboot', floorPercent: 50 },
      { ...knowledge, view: half },
    );
    expect(waves.map(({ stage, machines }) => [stage, machines.length])).toEqual([
      [0, 1],
      [1, 5],
      [2, 50],
      [2, 44],
    ]);
  });

  it('tells what became of it, and whom to look after', () => {
    const text = renderOperation(done, view100);
    expect(text).toMatch(/2 instances, 1 done, 1 failed, in 5 min\ncalls: RebootInstances 2; 1 throttled\n/);
    expect(text).toContain('no heartbeat\\u001b[31m in 10 min');
  });

  it('is what its schemas say, planned and done', () => {
    for (const result of [planned, done]) {
      const document: unknown = JSON.parse(
        JSON.stringify({ format: operationJson.format, ...operationJson.document(result) }),
      );
      expect(operationSchema.parse(document)).toEqual(document);
    }
    const event = { kind: 'fleet-progress', progress, secondsLeft: 120.5 };
    expect(operationEventSchema.parse(event)).toEqual(event);
  });

  it('says how far it is, in how many stages, and how long it still takes', () => {
    expect(progressLine(progress, 120)).toBe(
      'stage 2 of 3, about 2 min left: 2 done, 3 under way, 5 draining, 50 not begun; 92 of 100 in service',
    );
    expect(progressLine({ ...progress, pause: 'the canary failed' }, -1)).toMatch(
      /^stage 2 of 3, longer than predicted: .*; paused: the canary failed$/,
    );
    expect(progressLine({ ...progress, draining: 0, down: 0 }, null)).toBe(
      'stage 2 of 3: 2 done, 50 not begun, which wait for --bake, --floor or --budget; 92 of 100 in service',
    );
  });

  it('is told in place on a terminal, elsewhere when it does something new', () => {
    const told = (isTTY: boolean, events: readonly ActionEvent[]): string => {
      let written = '';
      const reporter = openReporter({ isTTY, columns: 100, rows: 24 }, (text) => void (written += text));
      for (const event of events) reporter.emit(event);
      reporter.end();
      return written;
    };
    const look = (change: Partial<FleetProgress>): ActionEvent => ({
      kind: 'fleet-progress',
      progress: { ...progress, ...change },
      secondsLeft: 60,
    });
    const looks = [look({}), look({ done: 3 }), look({ stage: 2 }), look({ stage: 2, done: 4 })];
    expect(told(false, looks).match(/stage \d of 3/g)).toEqual(['stage 2 of 3', 'stage 3 of 3']);
    expect(told(true, looks).match(/\r\u001b\[Kstage/g)).toHaveLength(4);
  });
});

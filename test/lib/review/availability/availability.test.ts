import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryFiles } from '../../../../lib/config/files.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import type { Project } from '../../../../lib/config/project.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import type { Change, Plan, StackPlan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { SHIPPED_TIMERS } from '../../../../lib/private-cloud/topology/timers.ts';
import { availabilityChanges, touchedClouds } from '../../../../lib/review/availability/availability.ts';
import { measuredGap } from '../../../../lib/review/availability/drill-reports.ts';
import type { BeforeOf } from '../../../../lib/review/before.ts';

const change = (noise: boolean): Change => ({
  address: 'a.b',
  type: 'a',
  action: 'update',
  reasons: [],
  attributes: [],
  source: null,
  noise,
  restarts: [],
  findings: [],
});
const stack = (id: StackPlan['id'], ...changes: Change[]): StackPlan => ({
  id,
  engine: 'terraform',
  status: changes.length > 0 ? 'changed' : 'unchanged',
  changes,
  unresolvedInputs: [],
  drift: [],
});

const planOf = (...stacks: StackPlan[]): Plan => toPlan({ kind: 'record', ref: '' }, stacks);

describe('clouds that a plan touches', () => {
  it('are those with a lease, a base or a tree of their own that really changes, once each', () => {
    const stacks = [
      stack('openstack/paris/dev/anna', change(false)),
      stack('kolla/paris', change(false)),
      stack('kolla/rome', change(false)),
      stack('openstack/lab/base', change(true)),
      stack('openstack/oslo/base'),
      stack('aws/prod/cluster', change(false)),
    ];
    expect(touchedClouds({ stacks })).toEqual(['paris', 'rome']);
  });
});

describe('the line of a cloud whose availability changes', () => {
  const { project } = loadProject(directoryFiles(join(import.meta.dirname, '../../../..')));
  if (project === undefined) throw new Error('the shipped configuration has errors');
  const lines = (after: Project, before: BeforeOf, ...ids: StackPlan['id'][]): string[] =>
    availabilityChanges(planOf(...ids.map((id) => stack(id, change(false)))), {
      project: after,
      before,
      measured: 2.5,
    });
  const paris = project.clouds.get('paris');
  if (paris === undefined) throw new Error('the shipped configuration has no cloud paris');
  const withParis = (value: Partial<Cloud>): Project => ({
    ...project,
    clouds: new Map([...project.clouds, ['paris', { ...paris, value: { ...paris.value, ...value } }]]),
  });
  const oneZone = withParis({ zones: { all: { racks: ['a', 'b', 'c'] } } });

  it('says what holds after and before', () => {
    const [line, ...more] = lines(oneZone, () => project, 'kolla/paris');
    expect(line).toMatch(/^paris: if rack a fails: .*no server lacks room.*; before, if rack a fails: .*wait for zone/);
    expect(more).toEqual([]);
  });

  it('is silent where a change leaves it as it was, a new lease included', () => {
    expect(lines(project, () => project, 'kolla/paris')).toEqual([]);
    expect(lines(project, () => 'absent', 'openstack/paris/dev/anna')).toEqual([]);
  });

  it('says what holds after, where nobody knows what it was before', () => {
    expect(lines(project, () => 'unknown', 'openstack/paris/base')[0]).not.toContain('before');
    expect(lines(project, () => 'absent', 'kolla/paris')[0]).toMatch(
      /^paris: if rack a fails: [^;]*; measured API outage 2.5 s$/,
    );
  });

  it('says that a cloud survives nothing any more', () => {
    const { vips: _, ...single } = paris.value;
    const after = { ...project, clouds: new Map([...project.clouds, ['paris', { ...paris, value: single }]]) };
    expect(lines(after, () => project, 'kolla/paris')[0]).toMatch(
      /^paris: survives no failure of a rack any more; before, if rack a/,
    );
  });
});

describe('the measured gap', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tandem-drill-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function leave(
    folder: string,
    name: string,
    at: string,
    token: number,
    timers: object = SHIPPED_TIMERS,
    drill = 'holder-off',
  ): void {
    const compared = [
      { probe: 'token', measured: { gap: token } },
      { probe: 'sql', measured: { gap: 99 } },
    ];
    const drills = [
      { drill, compared },
      { drill: 'two-off', compared: [{ probe: 'token', measured: { gap: 77 } }] },
    ];
    const format = folder.startsWith('docs') ? 'tandem.drill/1' : 'tandem.drill/2';
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, name), JSON.stringify({ format, at, timers, drills }));
  }

  it('is that of the newest drill, wherever it was left', () => {
    leave('.tandem/drill/20261120T100000Z', 'report.json', '2026-11-20T10:00:00Z', 4.2);
    expect(measuredGap(root)).toBe(4.2);
    leave('docs/drill', 'b.json', '2026-11-21T10:00:00Z', 3.1);
    expect(measuredGap(root)).toBe(3.1);
  });

  it('is that of the worse of two drills, each as it was played last', () => {
    leave('.tandem/drill', 'a.json', '2026-11-20T10:00:00Z', 9.9);
    leave('.tandem/drill', 'b.json', '2026-11-20T11:00:00Z', 2.5);
    leave('.tandem/drill', 'c.json', '2026-11-20T12:00:00Z', 0.5, SHIPPED_TIMERS, 'rack-off');
    expect(measuredGap(root)).toBe(2.5);
  });

  it('is none where there was no drill, or only with other settings, or a broken report', () => {
    expect(measuredGap(root)).toBeUndefined();
    leave('docs/drill', 'slow.json', '2026-11-21T10:00:00Z', 7.6, { ...SHIPPED_TIMERS, vrrpAdvert: 1 });
    expect(measuredGap(root)).toBeUndefined();
    const { neutronProbe: _, ...fewer } = SHIPPED_TIMERS;
    leave('docs/drill', 'older.json', '2026-11-21T10:00:00Z', 7.6, fewer);
    expect(measuredGap(root)).toBeUndefined();
    writeFileSync(join(root, 'docs/drill/half.json'), '{"format": "tandem.dr');
    expect(measuredGap(root)).toBeUndefined();
  });

  it('is none where links lead to one, as a pull request may bring them: to a device, or to all of a disk', () => {
    leave('elsewhere', 'good.json', '2026-11-21T10:00:00Z', 3.1);
    mkdirSync(join(root, 'docs/drill'), { recursive: true });
    symlinkSync(join(root, 'elsewhere/good.json'), join(root, 'docs/drill/good.json'));
    mkdirSync(join(root, '.tandem'));
    symlinkSync(join(root, 'elsewhere'), join(root, '.tandem/drill'));
    expect(measuredGap(root)).toBeUndefined();
  });

  it('is not lost to a broken report beside a good one', () => {
    leave('docs/drill', 'good.json', '2026-11-21T10:00:00Z', 3.1);
    writeFileSync(join(root, 'docs/drill/half.json'), '{"format": "tandem.dr');
    expect(measuredGap(root)).toBe(3.1);
  });
});

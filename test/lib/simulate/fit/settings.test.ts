import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadProject } from '../../../../lib/config/load.ts';
import { fitSpace, fitStart, withSettings, yamlOf } from '../../../../lib/simulate/fit/settings.ts';
import { nth, type Space, valuesOf } from '../../../../lib/simulate/search/space.ts';
import { configured, type Edit } from '../../../configured.ts';

const root = join(import.meta.dirname, '../../../..');

function clusterOf(edits: readonly Edit[] = []) {
  const { problems, project } = loadProject(configured(root, edits));
  expect(problems).toEqual([]);
  const environment = project?.environments.get('prod');
  if (environment === undefined) throw new Error('there is no prod');
  return environment.value.cluster;
}

/** Each value of what the lines say, as an edit of the file; lists whole. */
function editsOf(value: unknown, path: readonly string[] = []): Edit[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, each]) => editsOf(each, [...path, key]));
  return [['environments/prod.yaml', path.join('.'), value ?? undefined]];
}

const points = (space: Space) =>
  fc.record(
    Object.fromEntries(
      Object.entries(space).map(([name, axis]) => [
        name,
        fc.nat({ max: valuesOf(axis) - 1 }).map((steps) => nth(axis, steps)),
      ]),
    ),
  );

test('what is used today is no change', () => {
  const cluster = clusterOf();
  const space = fitSpace(cluster, { interruptionsPerHour: 0.05 });
  expect(Object.keys(space)).toEqual([
    'backlogPerInstance',
    'warmupSeconds',
    'idleSeconds',
    'burstPercent',
    'scalerWaitSeconds',
    'scalerIdleSeconds',
    'minimum',
    'schedulePercent',
    'spotSharePercent',
  ]);
  expect(withSettings(cluster, fitStart(cluster, space))).toEqual(cluster);
  expect(yamlOf(cluster, withSettings(cluster, fitStart(cluster, space)))).toBe('');
});

test('the share of Spot is searched where its interruptions are known, and a warm pool where there is no Spot', () => {
  expect(fitSpace(clusterOf(), { interruptionsPerHour: 0 })).not.toHaveProperty('spotSharePercent');
  const onDemand = clusterOf([['environments/prod.yaml', 'cluster.capacity.spotSharePercent', 0]]);
  const space = fitSpace(onDemand, { interruptionsPerHour: 0 });
  expect(space).toHaveProperty('warmPool');
  expect(withSettings(onDemand, { warmPool: 150 }).capacity.warmPool).toEqual({
    ...{ minimum: 0, preparedCapacity: 150, state: 'stopped' },
  });
});

test("the function's waits are searched where it scales the fleet", () => {
  const without = clusterOf([['environments/base.yaml', 'cluster.scaling.scaler', undefined]]);
  expect(fitSpace(without, { interruptionsPerHour: 0 })).not.toHaveProperty('scalerWaitSeconds');
  const scaled = clusterOf();
  const space = fitSpace(scaled, { interruptionsPerHour: 0 });
  expect(fitStart(scaled, space)).toMatchObject({ scalerWaitSeconds: 120, scalerIdleSeconds: 60 });
  const changed = withSettings(scaled, { scalerWaitSeconds: 300, scalerIdleSeconds: 60 });
  expect(yamlOf(scaled, changed)).toBe('cluster:\n  scaling:\n    scaler:\n      waitSeconds: 300\n');
});

test('whatever is proposed loads without a problem, and its lines make of the file what was simulated', () => {
  const cluster = clusterOf();
  fc.assert(
    fc.property(points(fitSpace(cluster, { interruptionsPerHour: 0.05 })), (point) => {
      const wanted = withSettings(cluster, point);
      const edits = editsOf(parse(yamlOf(cluster, wanted)) ?? {});
      expect(clusterOf(edits)).toEqual(wanted);
    }),
    { numRuns: 8 },
  );
});

test('lines say what differs alone, a step in a line', () => {
  const cluster = clusterOf();
  const point = { backlogPerInstance: 5, burstPercent: 200, schedulePercent: 50, minimum: 50 };
  expect(yamlOf(cluster, withSettings(cluster, point))).toBe(
    [
      'cluster:',
      '  scaling:',
      '    backlogPerInstance: 5',
      '    burst:',
      '      - { missing: 1, add: 4 }',
      '      - { missing: 10, add: 20 }',
      '      - { missing: 50, add: 100 }',
      '      - { missing: 150, add: 300 }',
      '    schedules:',
      '      workday:',
      '        minimum: 50',
      '      evening:',
      '        minimum: 25',
      '',
    ].join('\n'),
  );
});

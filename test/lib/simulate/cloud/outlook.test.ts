import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProject } from '../../../../lib/config/load.ts';
import type { Project } from '../../../../lib/config/project.ts';
import { roomLeft } from '../../../../lib/private-cloud/placement/capacity.ts';
import { arrivalsOf } from '../../../../lib/simulate/cloud/arrivals.ts';
import { leaseOf, leasesInPatch, pastLeases } from '../../../../lib/simulate/cloud/history.ts';
import { leaseOutlook, type OutlookOptions } from '../../../../lib/simulate/cloud/outlook.ts';
import type { LeaseOutlook } from '../../../../lib/simulate/cloud/report.ts';
import { configured, type Edit } from '../../../configured.ts';

const root = join(import.meta.dirname, '../../../..');
const NOW = Date.UTC(2026, 10, 23);

/** The shipped cloud with as few hosts as have room for its leases and little more, and storage enough. */
const SMALL: readonly Edit[] = [
  ...['a', 'b', 'c'].map((rack): Edit => ['clouds/paris.yaml', `hosts.compute-${rack}.count`, 1]),
  ['clouds/paris.yaml', 'storage.usableGiB', 10_000_000],
];

const loaded = new Map<readonly Edit[], { readonly project: Project | undefined }>();

function outlook(edits: readonly Edit[], options: Partial<OutlookOptions> = {}): LeaseOutlook {
  const { project } = loaded.get(edits) ?? loadProject(configured(root, edits));
  if (project === undefined) throw new Error('there is no project');
  loaded.set(edits, { project });
  const like = [
    { blueprint: 'di', days: 30 },
    { blueprint: 'ds', days: 14 },
  ];
  const arrivals = { perWeek: 10, like, from: undefined };
  const found = leaseOutlook({ project, cloud: 'paris', now: NOW, days: 60, arrivals, runs: 5, ...options });
  if (found === undefined) throw new Error('there is no paris');
  return found;
}

const crowded = { perWeek: 60, like: [{ blueprint: 'di', days: 30 }], from: undefined } as const;

test('every lease is in one place: it began or was asked for, and ended, was refused, or is there', () => {
  fc.assert(
    fc.property(
      fc.record({ seed: fc.nat({ max: 1000 }), perWeek: fc.nat({ max: 40 }), days: fc.integer({ min: 1, max: 40 }) }),
      ({ seed, perWeek, days }) => {
        const like = [{ blueprint: 'di', days: 21 }];
        const found = outlook(SMALL, { seed, days, runs: 2, arrivals: { perWeek, like, from: undefined } });
        expect(found.began + found.asked).toBe(found.ended + found.refused + found.left);
        expect(found.refused).toBe(found.blueprints.reduce((sum, { refused }) => sum + refused, 0));
      },
    ),
    { numRuns: 4 },
  );
});

test('the same seed gives the same outlook, another one another', () => {
  const [one, same, other] = [outlook(SMALL, { seed: 3 }), outlook(SMALL, { seed: 3 }), outlook(SMALL, { seed: 4 })];
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test('today there is the room that capacity counts, and without arrivals the leases of the configuration end', () => {
  const { project } = loadProject(configured(root, []));
  if (project === undefined) throw new Error('there is no project');
  const none = { perWeek: 0, like: [], from: undefined };
  const { flavors, began, ended, left } = outlook([], { days: 100, runs: 1, arrivals: none });
  for (const { flavor, room } of flavors) {
    const now = roomLeft(project, 'paris').filter((each) => each.flavor === flavor);
    expect(room[0]?.p50).toBe(now.reduce((sum, { afterWorst }) => sum + afterWorst, 0));
    expect(room.at(-1)?.p50).toBeGreaterThan(room[0]?.p50 ?? Infinity);
  }
  expect([began, ended, left]).toEqual([4, 4, 0]);
});

test('more hosts refuse fewer where hosts are short, and change nothing where storage is', () => {
  const [few, more] = [0, 12].map((moreHosts) => outlook(SMALL, { moreHosts, arrivals: crowded, runs: 1, days: 28 }));
  expect(few?.refused).toBeGreaterThan(0);
  expect(few?.refusedByStorage).toBe(0);
  expect(more?.refused).toBeLessThan(few?.refused ?? 0);
  expect(more?.asked).toBe(few?.asked);
  const full: Edit = ['clouds/paris.yaml', 'storage.usableGiB', 5000];
  const [stored, withHosts] = [0, 12].map((moreHosts) =>
    outlook([full], { moreHosts, arrivals: crowded, runs: 1, days: 28 }),
  );
  expect(stored?.refused).toBeGreaterThan(0);
  expect(stored?.refusedByStorage).toBe(stored?.refused);
  expect(withHosts?.refused).toBe(stored?.refused);
});

test('a trend has more leases come, and its span is in what is left', () => {
  const like = [{ blueprint: 'ds', days: 7 }];
  const flat = { perWeek: 5, like, from: undefined };
  const trend = { months: [4, 8, 12, 16], perMonth: 2, error: 0.5 };
  const [steady, growing, sure] = [flat, { ...flat, trend }, { ...flat, trend: { ...trend, error: 0 } }].map(
    (arrivals) => outlook([], { arrivals, days: 56, runs: 8 }),
  );
  // 8 weeks of 5, and of 5 to 9.
  expect((steady?.asked ?? 0) / 8).toBeGreaterThan(33);
  expect((steady?.asked ?? 0) / 8).toBeLessThan(47);
  expect((sure?.asked ?? 0) / 8).toBeGreaterThan(48);
  expect((sure?.asked ?? 0) / 8).toBeLessThan(64);
  expect(growing?.asked).not.toBe(sure?.asked);
});

test('arrivals are as many a week as began lately, or as many as are asked for', () => {
  const past = [
    { blueprint: 'di', since: '2026-11-02', days: 90 },
    { blueprint: 'ds', since: '2026-11-09', days: 30 },
    { blueprint: 'di', since: '2026-11-16', days: 90 },
    { blueprint: 'old', since: '2025-01-01', days: 1 },
    { blueprint: 'later', since: '2026-12-01', days: 1 },
  ];
  expect(arrivalsOf(past, NOW)).toEqual({
    ...{ perWeek: 1, from: { leases: 3, weeks: 3 } },
    like: [
      { blueprint: 'di', days: 90 },
      { blueprint: 'ds', days: 30 },
      { blueprint: 'di', days: 90 },
    ],
  });
  expect(arrivalsOf(past, NOW, 7)).toMatchObject({ perWeek: 7, from: undefined });
  expect(arrivalsOf([], NOW)).toMatchObject({ perWeek: 0, like: [] });
});

const PATCH = `diff --git a/config/dev/anna.yaml b/config/dev/anna.yaml
new file mode 100644
index 0000000..1111111
--- /dev/null
+++ b/config/dev/anna.yaml
@@ -0,0 +1,4 @@
+blueprint: di
+cloud: paris
+since: 2026-11-02
+until: 2026-11-08

diff --git a/sub/config/dev/gone.yaml b/sub/config/dev/gone.yaml
--- /dev/null
+++ b/sub/config/dev/gone.yaml
@@ -0,0 +1,3 @@
+blueprint: ds
+since: 2026-10-05
+until: 2026-10-05T12:00Z
diff --git a/config/dev/broken.yaml b/config/dev/broken.yaml
--- /dev/null
+++ b/config/dev/broken.yaml
@@ -0,0 +1 @@
+blueprint: [
diff --git a/config/dev/forever.yaml b/config/dev/forever.yaml
--- /dev/null
+++ b/config/dev/forever.yaml
@@ -0,0 +1,3 @@
+blueprint: di
+since: 2026-11-02
+until: "+275760-09-01"
`;

test('leases are read from the history of their files, each once, as the configuration says it now', () => {
  const added = leasesInPatch(PATCH);
  expect(added).toEqual([
    { name: 'anna', blueprint: 'di', cloud: 'paris', since: '2026-11-02', days: 7 },
    { name: 'gone', blueprint: 'ds', cloud: undefined, since: '2026-10-05', days: 1 },
  ]);
  const now = leaseOf('anna', { blueprint: 'di', cloud: 'paris', since: '2026-11-02', until: '2026-12-01' });
  const past = pastLeases(now === undefined ? [] : [now], added, { cloud: 'paris', defaultCloud: 'paris' });
  expect(past.map(({ blueprint, days }) => [blueprint, days])).toEqual([
    ['di', 30],
    ['ds', 1],
  ]);
  expect(pastLeases([], added, { cloud: 'lyon', defaultCloud: 'paris' })).toEqual([]);
});

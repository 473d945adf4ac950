import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, type Problem } from '../../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { loadChecked } from '../../../../lib/private-cloud/checks/load-checked.ts';
import { follow } from '../../config/advice.ts';
import { MUTATIONS } from './mutations.ts';
import { CLOUD, Draft, type Shape, shape, soundConfiguration, written } from './sound-cloud.ts';

const TODAY = new Date('2026-11-21T12:00:00Z');

function problemsOf(files: Readonly<Record<string, string>>): readonly Problem[] {
  return loadChecked(memoryFiles(files), TODAY).problems;
}

/** Codes whose fix is no value: hosts, racks, feeds, interfaces and names are for people to choose. */
const FOR_PEOPLE = new Set([
  ...[
    'quorum-too-small',
    'queue-without-majority',
    'host-too-small',
    'even-quorum',
    'too-few-members',
    'vip-missing',
    'vip-name-shared',
    'plane-missing',
  ],
  ...['rack-holds-majority', 'feed-holds-majority', 'switch-holds-majority'],
  ...['rack-holds-all', 'feed-holds-all', 'switch-holds-all', 'tls-needs-distinct-vips', 'planes-share-interface'],
  ...['physical-network-without-interface', 'provider-interface-is-plane', 'provider-interface-taken'],
  ...['bridge-name-taken', 'segment-is-plane', 'too-few-time-sources', 'few-time-sources', 'too-few-resolvers'],
  ...[
    'time-source-inside-cloud',
    'resolver-inside-cloud',
    'no-placement',
    'storage-no-recovery',
    'no-spare-capacity',
    'no-spare-host',
    'vip-interface',
    'kolla-file-unread',
    'kolla-file-taken',
    'kolla-setting-taken',
  ],
]);

describe('what a rule of a cloud advises', () => {
  const [drawn] = fc.sample(shape, { numRuns: 1, seed: 1 }) as [Shape];
  const cases = MUTATIONS.flatMap(({ on, change }) => {
    const each: Shape = { ...drawn, ...on };
    const broken = soundConfiguration(each);
    change(new Draft(broken[CLOUD] ?? {}), broken, each);
    const files = written(broken);
    return problemsOf(files).map((problem) => {
      return { problem, line: formatProblem(problem), ways: follow(files, problem) };
    });
  });

  it.each(cases.filter(({ ways }) => ways !== undefined))('solves the problem: $line', ({ problem, ways = [] }) => {
    for (const { files } of ways) {
      const left = problemsOf(files).filter(
        ({ file, path, code }) => file === problem.file && (path === problem.path || code === problem.code),
      );
      expect(left.map(formatProblem)).toEqual([]);
    }
  });

  it('is a value wherever one can be proposed', () => {
    const others = cases.filter(({ ways }) => ways === undefined);
    expect(others.filter(({ problem }) => !FOR_PEOPLE.has(problem.code)).map(({ line }) => line)).toEqual([]);
  });
});

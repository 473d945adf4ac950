import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, type Problem } from '../../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { CONFIGURATION_RULES } from '../../../../lib/config/rules/catalogue.ts';
import { loadChecked } from '../../../../lib/private-cloud/checks/load-checked.ts';
import { CATALOGUE } from '../../../../lib/private-cloud/rules/catalogue.ts';
import { MUTATIONS } from './mutations.ts';
import { CLOUD, Draft, type Files, type Shape, shape, soundCloud, soundConfiguration, written } from './sound-cloud.ts';

const TODAY = new Date('2026-11-21T12:00:00Z');

function problemsOf(files: Files): readonly Problem[] {
  return loadChecked(memoryFiles(written(files)), TODAY).problems;
}

describe('a cloud that keeps what it promises', () => {
  it('passes every rule', () => {
    fc.assert(
      fc.property(shape, (each) => {
        expect(problemsOf(soundConfiguration(each)).map(formatProblem)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('passes beside one at another site with the same tenant pool, and fails beside one at the same site', () => {
    const [each] = fc.sample(shape, { numRuns: 1, seed: 5 }) as [Shape];
    const beside = (sites: readonly [string, string]): Files => {
      const files: Files = { ...soundConfiguration(each), 'config/clouds/two.yaml': soundCloud(each, 2) };
      for (const [index, file] of [CLOUD, 'config/clouds/two.yaml'].entries())
        new Draft(files[file] ?? {}).set('site', sites[index]);
      const two = new Draft(files['config/clouds/two.yaml'] ?? {});
      two.set('tenants.dev.cidr', new Draft(files[CLOUD] ?? {}).get('tenants.dev.cidr'));
      return files;
    };
    expect(problemsOf(beside(['paris', 'oslo'])).map(formatProblem)).toEqual([]);
    expect(problemsOf(beside(['paris', 'paris'])).map(({ code }) => code)).toEqual(['overlap']);
  });

  it('passes beside another one', () => {
    fc.assert(
      fc.property(shape, shape, (one, two) => {
        const files = { ...soundConfiguration(one), 'config/clouds/two.yaml': soundCloud(two, 2) };
        expect(problemsOf(files).map(formatProblem)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

describe('planes that are one network', () => {
  const joined = (each: Shape): Files => {
    const files = soundConfiguration({ ...each, layout: 'converged', external: true, tunnelMtu: 9000 });
    const draft = new Draft(files[CLOUD] ?? {});
    const internal = draft.get('planes.internal');
    for (const plane of ['external', 'tunnel', 'storage']) draft.set(`planes.${plane}`, internal);
    draft.set('vips.external.address', '10.1.3.251');
    return files;
  };

  it('pass every rule where the cloud names them, with both VIPs in one subnet, and fail where it does not', () => {
    fc.assert(
      fc.property(shape, (each) => {
        const files = joined(each);
        expect(new Set(problemsOf(files).map(({ code }) => code))).toEqual(new Set(['overlap', 'duplicate-vlan']));
        const sharedPlanes = [['internal', 'external', 'tunnel', 'storage']];
        const own = { ...files, [CLOUD]: { ...files[CLOUD], sharedPlanes } };
        expect(problemsOf(own).map(formatProblem)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('fail where ranges overlap and are not the same', () => {
    const files = joined({ ...(fc.sample(shape, { numRuns: 1, seed: 3 })[0] as Shape), leases: 0 });
    const draft = new Draft(files[CLOUD] ?? {});
    draft.set('sharedPlanes', [['internal', 'external', 'tunnel', 'storage']]);
    draft.set('planes.tunnel', { ...(draft.get('planes.tunnel') as object), cidr: '10.1.2.0/23' });
    expect(problemsOf(files).map(({ code }) => code)).toContain('overlap');
  });
});

describe('a cloud that promises to survive one host', () => {
  const crowded = (racks: 1 | 2): fc.Arbitrary<Files> =>
    shape
      .filter(({ layout }) => layout !== 'starter')
      .map((drawn) => {
        const files = soundConfiguration({ ...drawn, domain: 'host', zones: 'one' });
        const cloud = files[CLOUD] ?? {};
        const names = Object.keys(cloud['racks'] as object).slice(0, racks);
        const inRacks = Object.values(cloud['hosts'] as Record<string, { rack: string }>);
        for (const [index, host] of inRacks.entries()) host.rack = names[index % names.length] ?? '';
        cloud['racks'] = Object.fromEntries(names.map((name) => [name, {}]));
        cloud['zones'] = { all: { racks: names } };
        return files;
      });

  it.each([1, 2] as const)(
    'passes every rule in %s racks, and fails if it promised a rack',
    (racks) => {
      fc.assert(
        fc.property(crowded(racks), (files) => {
          expect(problemsOf(files)).not.toEqual([]);
          const own = { ...files, [CLOUD]: { ...files[CLOUD], survives: 'host' } };
          expect(problemsOf(own).map(formatProblem)).toEqual([]);
        }),
        { numRuns: 15 },
      );
    },
    60_000,
  );

  it('fails all the same where one host takes a majority, or has no room left beside it', () => {
    const files = soundConfiguration({
      ...(fc.sample(shape, { numRuns: 1, seed: 3 })[0] as Shape),
      layout: 'converged',
      controllers: 3,
      leases: 0,
    });
    const draft = new Draft(files[CLOUD] ?? {});
    draft.set('survives', 'host');
    draft.drop('hosts.control-3');
    expect(problemsOf(files).map(({ code }) => code)).toContain('quorum-too-small');
  });
});

describe('every single change that breaks a rule is named by that rule, and by no other', () => {
  it.each(MUTATIONS)(
    'fails with $code for $what',
    ({ code, on, change }) => {
      fc.assert(
        fc.property(shape, (drawn) => {
          const each: Shape = { ...drawn, ...on };
          const files = soundConfiguration(each);
          change(new Draft(files[CLOUD] ?? {}), files, each);
          const problems = problemsOf(files);
          expect(new Set(problems.map((problem) => problem.code)), problems.map(formatProblem).join('\n')).toEqual(
            new Set([code]),
          );
          for (const problem of problems) {
            expect(problem.line).toBeGreaterThan(0);
            expect(problem.message).not.toMatch(/undefined|NaN|\[object/);
            const isPromise =
              each.layout !== 'starter' && (CATALOGUE[code] ?? CONFIGURATION_RULES[code])?.severity === 'error';
            expect(problem.severity).toBe(isPromise ? 'error' : 'warning');
          }
        }),
        { numRuns: 4 },
      );
    },
    60_000,
  );

  it('and every rule has such a change', () => {
    const codes = [...new Set(MUTATIONS.map(({ code }) => code))];
    expect(codes.filter((code) => CONFIGURATION_RULES[code] === undefined).sort()).toEqual(
      Object.keys(CATALOGUE).sort(),
    );
  });
});

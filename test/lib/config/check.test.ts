import { describe, expect, it } from 'vitest';
import { checkProject, hasErrors, loadAndCheck } from '../../../lib/config/check.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { growth, LINEAR } from '../../growth.ts';
import { minimal, TODAY } from './minimal.ts';

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

describe('checkProject', () => {
  it('asks the clock that it is given, and changes nothing', () => {
    const loaded = loadProject(memoryFiles(minimal()));
    expect(checkProject(loaded, TODAY)).toEqual([]);
    expect(codes(checkProject(loaded, new Date('2026-12-10T00:00:00Z')))).toEqual(['lease-expired']);
    expect(codes(checkProject(loaded, new Date('2027-01-01T00:00:00Z')))).toEqual(['lease-expired', 'lease-expired']);
    expect(checkProject(loaded, TODAY)).toEqual([]);
  });

  it('counts a day until its end, in UTC', () => {
    const loaded = loadProject(memoryFiles(minimal()));
    expect(checkProject(loaded, new Date('2026-12-09T23:59:59Z'))).toEqual([]);
  });

  it('lets warnings pass', () => {
    const { project, problems } = loadAndCheck(memoryFiles(minimal()), new Date('2027-01-01T00:00:00Z'));
    expect(hasErrors(problems)).toBe(false);
    expect(project?.leases.size).toBe(2);
  });

  it('leaves what has errors out of the project, and keeps the rest', () => {
    const files = { ...minimal(), 'config/dev/alice.yaml': 'blueprint: app\ncolour: blue\n' };
    const { project, problems } = loadAndCheck(memoryFiles(files), TODAY);
    expect(hasErrors(problems)).toBe(true);
    expect([...(project?.leases.keys() ?? [])]).toEqual(['bruno']);
  });

  it('checks a thousand leases in a time that grows with their number', () => {
    const alice = minimal()['config/dev/alice.yaml'] ?? '';
    let found: readonly string[] = [];
    const checked = (count: number) => {
      const leases = Array.from({ length: count }, (_, index) => [`config/dev/env-${index}.yaml`, alice] as const);
      const files = memoryFiles({ ...minimal(), ...Object.fromEntries(leases) });
      return () => void (found = codes(loadAndCheck(files, TODAY).problems));
    };
    expect(growth(checked, 1000)).toBeLessThan(LINEAR);
    expect(new Set(found)).toEqual(new Set(['no-capacity']));
  });

  it('is one line, whatever the value holds', () => {
    const files = minimal();
    const file = 'config/environments/prod.yaml';
    const { problems } = loadAndCheck(memoryFiles({ ...files, [file]: 'extends: "ba\\nse"\n' }), TODAY);
    expect(problems.find((problem) => problem.code === 'unknown-base')?.message).toContain('"ba\\nse"');
  });
});

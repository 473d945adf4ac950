import { describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { formatProblem } from '../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { CONFIGURATION_RULES } from '../../../lib/config/rules/catalogue.ts';
import { rules } from '../../../lib/config/rules/index.ts';
import { CATALOGUE } from '../../../lib/private-cloud/rules/catalogue.ts';
import { MUTATIONS } from '../private-cloud/rules/mutations.ts';
import { addresses } from './broken/addresses.ts';
import { approvers } from './broken/approvers.ts';
import { blueprints } from './broken/blueprints.ts';
import { clouds } from './broken/clouds.ts';
import { clusters } from './broken/clusters.ts';
import { counts } from './broken/counts.ts';
import { apply } from './broken/edit.ts';
import { layers } from './broken/layers.ts';
import { links } from './broken/links.ts';
import { reading } from './broken/reading.ts';
import { shape } from './broken/shape.ts';
import { texts } from './broken/texts.ts';
import { values } from './broken/values.ts';
import { minimal, TODAY } from './minimal.ts';

const tables = {
  reading,
  shape,
  values,
  clouds,
  blueprints,
  addresses,
  counts,
  texts,
  approvers,
  layers,
  clusters,
  links,
};

function problemsOf(files: Readonly<Record<string, string>>): string[] {
  return loadAndCheck(memoryFiles(files), TODAY).problems.map(formatProblem);
}

describe('the catalogue of the rules', () => {
  const found = Object.values(tables)
    .flat()
    .flatMap(({ edits }) => {
      const loaded = loadProject(memoryFiles(apply(minimal(), edits)));
      return rules.flatMap((rule) => rule({ ...loaded.parts, names: loaded.names, today: TODAY }));
    });

  it('has every code that a rule gives, with its severity', () => {
    for (const { code, severity, message } of found)
      expect(CONFIGURATION_RULES[code]?.severity, message).toBe(severity);
  });

  it('has a broken configuration, or a broken cloud, for each code', () => {
    const codes = new Set([...found, ...MUTATIONS].map(({ code }) => code));
    expect(Object.keys(CONFIGURATION_RULES).filter((code) => !codes.has(code))).toEqual([]);
  });

  it('has whole sentences, each of them once', () => {
    const texts = [CONFIGURATION_RULES, CATALOGUE].flatMap((rows) => Object.values(rows).map(({ asks }) => asks));
    expect(texts.filter((text) => !/^[A-Z`].{15,}\.$/.test(text))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('broken configurations', () => {
  it('start from one without a problem', () => {
    expect(problemsOf(minimal())).toEqual([]);
  });

  it('are at least 60', () => {
    expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(tables))('%s: each row says something, and each row is another', (_table, rows) => {
    expect(rows.filter((row) => row.problems.length === 0)).toEqual([]);
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  });

  describe.each(Object.entries(tables))('%s', (_table, rows) => {
    it.each(rows)('fails for $name', ({ edits, problems }) => {
      expect(problemsOf(apply(minimal(), edits))).toEqual(problems);
    });
  });
});

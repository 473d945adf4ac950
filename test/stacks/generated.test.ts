import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { hasErrors, loadAndCheck } from '../../lib/config/check.ts';
import { memoryFiles } from '../../lib/config/files.ts';
import type { Project } from '../../lib/config/project.ts';
import { difference } from '../../lib/engines/plugins.ts';
import { type Base, goneFrom, planOffline } from '../../lib/plan/plan.ts';
import { planSchema } from '../../lib/plan/schema.ts';
import type { SynthesizedStack } from '../../lib/stack/synthesized.ts';
import { stacksOf } from '../../lib/synthesis/catalogue.ts';
import { synthesize } from '../../lib/synthesis/synthesize.ts';
import { draws } from '../chaos.ts';
import { TODAY } from '../lib/config/minimal.ts';
import { validConfiguration } from '../lib/config/valid-configuration.ts';
import { memoryGit } from '../lib/git/memory-git.ts';

function load(configuration: Record<string, unknown>): Project {
  const files = Object.fromEntries(
    Object.entries(configuration).map(([file, content]) => [
      file,
      typeof content === 'string' ? content : stringify(content),
    ]),
  );
  const { project, problems } = loadAndCheck(memoryFiles(files), TODAY);
  if (project === undefined || hasErrors(problems)) throw new Error(JSON.stringify(problems));
  return project;
}

function baseOf(stacks: readonly SynthesizedStack[]): Base {
  return {
    kind: 'record',
    ref: '',
    stacks: new Map(stacks.map((stack) => [stack.id, { ...stack, commit: 'c0ffee' }])),
  };
}

describe('any valid configuration', () => {
  it('synthesizes, twice the same, and plans to nothing against itself', async () => {
    await fc.assert(
      fc.asyncProperty(validConfiguration, async (configuration) => {
        const project = load(configuration);
        const definitions = stacksOf(project);
        const stacks = await synthesize(definitions);
        expect((await synthesize(definitions)).map((each) => each.digest)).toEqual(stacks.map((each) => each.digest));
        const all = { project, stacks, gone: [], git: memoryGit() };
        const full = await planOffline({ ...all, base: { kind: 'empty', ref: '', stacks: new Map() }, difference });
        planSchema.parse(full);
        expect(full.summary.create).toBeGreaterThan(0);
        const none = await planOffline({ ...all, base: baseOf(stacks), difference });
        expect(none.stacks.every((each) => each.status === 'unchanged')).toBe(true);
      }),
      draws(12),
    );
  });

  it('plans to what differs from any other, and destroys nothing without history', async () => {
    await fc.assert(
      fc.asyncProperty(validConfiguration, validConfiguration, async (before, after) => {
        const [old, project] = [load(before), load(after)];
        const base = baseOf(await synthesize(stacksOf(old)));
        const stacks = await synthesize(stacksOf(project));
        const gone = goneFrom(base, new Set(stacks.map((each) => each.id)));
        const plan = await planOffline({ project, stacks, gone, base, git: memoryGit(), difference });
        planSchema.parse(plan);
        for (const stack of plan.stacks) {
          const configured = stacks.find((each) => each.id === stack.id);
          if (configured === undefined) expect(stack).toMatchObject({ status: 'unknown-here', changes: [] });
          else expect(stack.status === 'unchanged').toBe(base.stacks.get(stack.id)?.digest === configured.digest);
        }
      }),
      draws(8),
    );
  });
});

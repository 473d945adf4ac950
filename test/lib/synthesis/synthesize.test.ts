import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Project } from '../../../lib/config/project.ts';
import { type TerraformDefinition, terraformStacks } from '../../../lib/engines/terraform/catalogue.ts';
import { ArtefactCache } from '../../../lib/synthesis/artefact-cache.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';

const project = loadProject(directoryFiles(CODE_ROOT)).project as Project;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-synthesize-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leases(count: number): TerraformDefinition[] {
  const one = terraformStacks(project).find((each) => each.kind === 'dev-environment');
  if (one?.kind !== 'dev-environment') throw new Error('the shipped configuration has no lease');
  return Array.from({ length: count }, (_, index) => {
    const name = `lease${index}`;
    const id = `openstack/paris/dev/${name}` as const;
    return { ...one, id, unit: id, inputs: { ...one.inputs, lease: { ...one.inputs.lease, name } } };
  });
}

describe('synthesis', () => {
  it('gives the same bytes on threads, in this thread and from the cache', async () => {
    const definitions = leases(36);
    const counts: number[] = [];
    const cache = new ArtefactCache(folder, Buffer.alloc(32));
    const onThreads = await synthesize(definitions, { cache, parallelism: 2, onProgress: (done) => counts.push(done) });
    const again = await synthesize(definitions, { cache, onProgress: () => expect.unreachable('all is cached') });
    const here = await synthesize(definitions.slice(0, 3));
    expect(counts.at(-1)).toBe(36);
    expect(again.map((each) => each.text)).toEqual(onThreads.map((each) => each.text));
    expect(again.map((each) => each.citations)).toEqual(onThreads.map((each) => each.citations));
    expect(here.map((each) => each.digest)).toEqual(onThreads.slice(0, 3).map((each) => each.digest));
  });

  it('leaves nothing of a batch behind that the library would keep', async () => {
    const kept = () =>
      ['stringTokenMap', 'numberTokenMap'].map((name) => {
        const tokens: unknown = (Reflect.get(globalThis, '__cdktfTokenMap') as Record<string, unknown> | undefined)?.[
          name
        ];
        return tokens instanceof Map ? tokens.size : 'no such table';
      });
    await synthesize(leases(1));
    expect(kept()).toEqual([0, 0]);
  });

  it('makes what is large apart, so that a heap stays small', async () => {
    const [first, second] = leases(2);
    if (first === undefined || second === undefined) expect.unreachable();
    const counted = async (size: number) => {
      const done: number[] = [];
      const made = await synthesize([first, { ...second, size }], {
        parallelism: 1,
        onProgress: (at) => done.push(at),
      });
      return { done, digests: made.map(({ digest }) => digest) };
    };
    const [small, large] = [await counted(1), await counted(16)];
    expect([small.done, large.done]).toEqual([[2], [1, 2]]);
    expect(large.digests).toEqual(small.digests);
  });

  it('makes again exactly what an input of changed', async () => {
    const cache = new ArtefactCache(folder, Buffer.alloc(32));
    const definitions = leases(3);
    await synthesize(definitions, { cache });
    const changed = definitions.map(
      (each, index): TerraformDefinition =>
        each.kind === 'dev-environment' && index === 1
          ? {
              ...each,
              inputs: {
                ...each.inputs,
                lease: { ...each.inputs.lease, value: { ...each.inputs.lease.value, tiers: { web: { count: 1 } } } },
              },
            }
          : each,
    );
    let made = 0;
    await synthesize(changed, { cache, onProgress: (_done, total) => (made = total) });
    expect(made).toBe(1);
  });

  it('fails where a stack cannot be made, and leaves nothing of it in the cache', async () => {
    const cache = new ArtefactCache(folder, Buffer.alloc(32));
    const broken = leases(30).map((each, index) => (index === 20 ? { ...each, inputs: {} } : each));
    await expect(synthesize(broken, { cache, parallelism: 2 })).rejects.toThrow();
    const written = readdirSync(folder, { recursive: true }).filter((name) => String(name).length > 10);
    expect(written.length).toBeLessThan(broken.length);
  });

  it('makes what refers to each other together, and gives what was asked for', async () => {
    const definitions = stacksOf(project);
    const only = new Set(['aws/staging/network'] as const);
    const [alone, ...rest] = await synthesize(definitions, { only });
    expect(rest).toEqual([]);
    const all = await synthesize(definitions.filter((each) => each.engine === 'cloudformation'));
    expect(alone?.digest).toBe(all.find((each) => each.id === 'aws/staging/network')?.digest);
  });
});

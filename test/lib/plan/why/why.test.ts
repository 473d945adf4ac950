import { join } from 'node:path';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { directoryFiles, memoryFiles } from '../../../../lib/config/files.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import type { Project } from '../../../../lib/config/project.ts';
import { renderWhy } from '../../../../lib/plan/why/render.ts';
import { findSubject } from '../../../../lib/plan/why/subject.ts';
import { explain } from '../../../../lib/plan/why/why.ts';
import type { Citation } from '../../../../lib/stack/cite.ts';
import type { SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import { minimal } from '../../config/minimal.ts';
import { memoryGit } from '../../git/memory-git.ts';

const BASE = 'config/environments/base.yaml';
const PROD = 'config/environments/prod.yaml';
const APP = 'config/blueprints/app.yaml';

function files(): Record<string, string> {
  const all = minimal();
  all[BASE] = (all[BASE] ?? '').replace('  worker:', '  capacity: { minimum: 3 }\n  worker:');
  all[APP] = (all[APP] ?? '').replace('    flavor: small\n', '    flavor: small\n    userData: cloud-init/web.sh\n');
  return { ...all, 'cloud-init/web.sh': '#!/bin/sh\necho hello\n' };
}

function projectOf(): Project {
  const { project } = loadProject(memoryFiles(files()));
  if (project === undefined) throw new Error('it does not load');
  return { ...project, root: '/clouds' };
}

function stack(id: string, citations: Readonly<Record<string, readonly Citation[]>>): SynthesizedStack {
  return { id, citations, files: [] } as unknown as SynthesizedStack;
}

const of = (kind: Citation['kind'], name: string, ...path: (string | number)[]): Citation => ({ kind, name, path });
const STACKS = ['prod', 'staging'].map((name) =>
  stack(`aws/${name}/cluster`, {
    Group: [of('environment', name, 'cluster', 'capacity', 'minimum')],
    Types: [of('environment', name, 'cluster', 'instances', 'types', 0)],
    Queue: [of('environment', name)],
  }),
);
const LEASE = stack('openstack/north/dev/alice', {
  'openstack_compute_instance_v2.web-1': [of('blueprint', 'app', 'tiers', 'web', 'userData')],
});

async function ask(asked: string, git = memoryGit()) {
  const project = projectOf();
  const all = [...STACKS, LEASE];
  const why = await explain(project, all, git, findSubject(project, all, asked));
  const [line] = why.lines;
  const affects = line?.affects.map(({ stack: id, address }) => `${id}:${address}`) ?? [];
  return { why, line, affects, text: renderWhy(why, pc.createColors(false)) };
}

describe('why', () => {
  it('tells of a line of a base what nearer layers leave of it', async () => {
    expect(files()[BASE]?.split('\n')[10]).toBe('  capacity: { minimum: 3 }');
    const { line, affects } = await ask(`${BASE}:11`);
    expect(line).toMatchObject({ line: 11, path: 'cluster.capacity', value: { minimum: 3 } });
    expect(affects).toEqual([]);
    expect((await ask(`${BASE}:9`)).affects).toEqual(['aws/prod/cluster:Types', 'aws/staging/cluster:Types']);
    expect((await ask(`${PROD}:12`)).affects).toEqual(['aws/prod/cluster:Group']);
  });

  it('tells of a file all that it affects, a base included', async () => {
    const { why, line, affects } = await ask(BASE);
    expect(why.lines).toHaveLength(1);
    expect(line).toMatchObject({ wholeFile: true, path: '' });
    expect(affects).toEqual(['aws/prod/cluster:Types', 'aws/staging/cluster:Types']);
    expect((await ask('/clouds/config/environments/prod.yaml')).affects).toEqual([
      'aws/prod/cluster:Group',
      'aws/prod/cluster:Queue',
    ]);
  });

  it.each(['cloud-init/web.sh', 'cloud-init/web.sh:2', './cloud-init//web.sh:2'])(
    'tells of user data: %s',
    async (asked) => {
      expect((await ask(asked)).affects).toEqual(['openstack/north/dev/alice:openstack_compute_instance_v2.web-1']);
    },
  );

  it.each([
    ['config/dev/alice.yaml:9999', 'config/dev/alice.yaml:9999 is past the end of the file: its last line is 4'],
    ['config/dev/alice.yaml:0', 'config/dev/alice.yaml:0 is past the end of the file: its last line is 4'],
    ['cloud-init/web.sh:3', 'cloud-init/web.sh:3 is past the end of the file: its last line is 2'],
    ['config/dev/none.yaml:1', 'config/dev/none.yaml is not a file of the configuration'],
    ['config/dev/none.yaml', 'config/dev/none.yaml is not a file of the configuration'],
    ['../x.yaml:1', '../x.yaml is not a file of the configuration'],
    ['README.md:3', 'README.md is not a file of the configuration'],
  ])('fails for %s', async (asked, message) => {
    await expect(ask(asked)).rejects.toMatchObject({ code: 'no-such-line', message });
  });

  it.each([
    ['config/links/main.yaml:5', 'cloud', 'paris'],
    ['config/prices/aws.yaml', '', null],
    ['config/environments/prod.yaml', '', null],
  ])('knows every file of the configuration: %s', async (asked, path, value) => {
    const { project } = loadProject(directoryFiles(join(import.meta.dirname, '../../../..')));
    if (project === undefined) throw new Error('it does not load');
    const why = await explain(project, [], memoryGit(), findSubject(project, [], asked));
    expect(why.lines[0]).toMatchObject({ file: asked.split(':')[0], path, value });
  });

  it('names who wrote it, as far as history goes', async () => {
    const git = memoryGit();
    git.commit('first', files(), { author: 'Grace' });
    const { line, text } = await ask(`${PROD}:12`, git);
    expect(line).toMatchObject({ history: 'commit', commit: { author: 'Grace' } });
    expect(text).toContain('Grace');
    expect((await ask(PROD, git)).text).toContain('last changed in');
  });

  it('names nobody where history is cut off, missing, or has not the line yet', async () => {
    const shallow = memoryGit({ shallow: true });
    shallow.commit('first', files());
    const cut = await ask(`${PROD}:12`, shallow);
    expect(cut.line).toMatchObject({ history: 'cut-off', commit: null });
    expect(cut.text).toContain('`git fetch --unshallow`');
    expect((await ask(`${PROD}:12`)).text).toContain('no history:');
    const git = memoryGit();
    git.commit('first', {});
    git.write(files());
    expect((await ask(`${PROD}:12`, git)).text).toContain('not committed yet');
  });
});

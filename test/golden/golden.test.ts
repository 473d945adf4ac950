/**
 * What the shipped configuration gives, by cloud and environment, for people to read in a review. After a change that is meant:
 * `npm test -- test/golden -u`, then read the difference.
 */
import { difference } from '../../lib/engines/plugins.ts';
import { rmSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryFiles } from '../../lib/config/files.ts';
import { loadProject } from '../../lib/config/load.ts';
import type { Project } from '../../lib/config/project.ts';
import { memoryGit } from '../lib/git/memory-git.ts';
import { planOffline } from '../../lib/plan/plan.ts';
import { renderText } from '../../lib/plan/render/text.ts';
import { artefactName } from '../../lib/stack/id.ts';
import type { SynthesizedStack } from '../../lib/stack/synthesized.ts';
import { stacksOf } from '../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../lib/synthesis/code.ts';
import { synthesize } from '../../lib/synthesis/synthesize.ts';
import { copyProject, tandem } from '../stacks/copy-project.ts';

const project = loadProject(directoryFiles(CODE_ROOT)).project as Project;
const golden = (file: string) => join(import.meta.dirname, file);
/** Every cloud and environment; of leases one a blueprint, since the others say the same of other names. */
const OWNERS = ['lab', 'paris', 'staging', 'prod'];
const LEASES = new Set(['openstack/paris/dev/anna', 'openstack/paris/dev/social']);

let stacks: SynthesizedStack[];
beforeAll(async () => {
  stacks = await synthesize(stacksOf(project));
});

function ownerOf(stack: SynthesizedStack): string {
  return stack.id.split('/')[1] ?? '';
}

/** A tree as people read it: file by file. */
function treeText(text: string): string {
  const files = Object.entries(JSON.parse(text) as Record<string, string>);
  return files.map(([path, content]) => `===== ${path}\n${content}`).join('\n');
}

describe.each(OWNERS)('%s', (owner) => {
  it('has the artefacts that were reviewed', async () => {
    const own = stacks.filter((each) => ownerOf(each) === owner && (!each.id.includes('/dev/') || LEASES.has(each.id)));
    expect(own.length).toBeGreaterThan(0);
    for (const stack of own) {
      const file = golden(`${owner}/${artefactName(stack.id)}.${stack.engine === 'kolla' ? 'txt' : 'json'}`);
      await expect(stack.engine === 'kolla' ? treeText(stack.text) : `${stack.text}\n`).toMatchFileSnapshot(file);
    }
  });

  it('has the plan that was reviewed', async () => {
    const own = stacks.filter((each) => ownerOf(each) === owner);
    const base = { kind: 'empty', ref: '', stacks: new Map() } as const;
    const plan = await planOffline({ project, stacks: own, gone: [], base, git: memoryGit(), difference });
    const text = renderText(plan, { colors: pc.createColors(false), verbose: false, columns: 120 });
    await expect(text).toMatchFileSnapshot(golden(`${owner}/plan.txt`));
  });
});

describe('the bytes of the artefacts', () => {
  let copy: string;
  beforeAll(() => {
    copy = copyProject();
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('are the same in another run, folder, time zone, language and order of work', async () => {
    const env = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOME: copy, USER: 'nobody' };
    const { code, stderr, stdout } = await tandem(copy, ['synth', '--json', '--parallelism', '1'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const written = (JSON.parse(stdout) as { stacks: { id: string; file: string }[] }).stacks;
    expect(written.map((each) => each.id)).toEqual(stacks.map((each) => each.id));
    for (const { id, file } of written)
      expect(readFileSync(join(copy, file), 'utf8'), id).toBe(stacks.find((each) => each.id === id)?.text);
    const again = await synthesize([...stacksOf(project)].reverse());
    expect(again.map((each) => each.digest).reverse()).toEqual(stacks.map((each) => each.digest));
  });

  it('hold nothing of this machine, user, commit or day', () => {
    const year = new Date().getFullYear();
    for (const { id, text } of stacks) {
      expect(text, id).not.toContain(CODE_ROOT);
      for (const place of ['/tmp/', tmpdir()]) expect(text, id).not.toContain(place);
      expect(text, id).not.toMatch(new RegExp(`${year}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d`));
    }
  });
});

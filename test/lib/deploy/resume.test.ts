import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Project } from '../../../lib/config/project.ts';
import { chooseResume } from '../../../lib/deploy/choose.ts';
import type { DeployPorts } from '../../../lib/deploy/ports.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';

let root = '';
let ports: DeployPorts;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-resume-'));
  const stores = { journal: localJournal(root), locks: localLocks(root), actor: { by: 'ops@here', host: 'here' } };
  ports = stores as unknown as DeployPorts;
});
afterEach(() => rmSync(root, { recursive: true }));

const lease = 'openstack/lab/dev/alice' as StackId;
const begin = (verb: string, resume?: string) =>
  ports.journal.begin({
    ...{ verb, stacks: [lease], by: 'ops', commit: '', arguments: {} },
    ...(resume === undefined ? {} : { resume }),
  });
const choose = () => chooseResume(ports, {} as Project, []);

test('fails for an operation that another command goes on with, and gives that command', async () => {
  await begin('env create', 'tandem env create alice --blueprint di --owner alice@example.org');
  await expect(choose()).rejects.toMatchObject({
    code: 'resume-elsewhere',
    next: expect.stringContaining('tandem env create alice --blueprint di --owner alice@example.org') as string,
  });
});

test('fails where nothing is unfinished', async () => {
  const id = await begin('destroy');
  await ports.journal.end(id, 'succeeded');
  await expect(choose()).rejects.toMatchObject({ code: 'nothing-to-resume' });
});

test('goes by what the operation says, whatever the verb', async () => {
  await begin('fleet restart', 'tandem fleet restart prod');
  await expect(choose()).rejects.toMatchObject({
    next: expect.stringContaining('tandem fleet restart prod') as string,
  });
});

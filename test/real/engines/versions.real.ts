import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { localDurations } from '../../../lib/deploy/durations.ts';
import { planLive } from '../../../lib/deploy/plan-live.ts';
import type { DeployPorts } from '../../../lib/deploy/ports.ts';
import { restoreVersion } from '../../../lib/deploy/versions/restore.ts';
import { terraformEngine } from '../../../lib/engines/terraform/terraform-engine.ts';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../lib/state/sealer.ts';
import { sealedStates, stateFacts } from '../../../lib/state/states.ts';
import { localStates } from '../../../lib/state/states-local.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';
import { memoryGit } from '../../lib/git/memory-git.ts';

const id = 'openstack/lab/dev/alice';
const project = {} as Project;
const stackOf = (...names: string[]) =>
  rootStack(id, {
    terraform: { backend: { local: { path: `../../../.tandem/state/${id}.tfstate` } } },
    resource: { terraform_data: Object.fromEntries(names.map((name) => [name, { input: name }])) },
  });

let root: string;
let ports: DeployPorts;
let lookedFor: string[][];
const stateFile = (): string => join(root, '.tandem', 'state', `${id}.tfstate`);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-versions-'));
  lookedFor = [];
  const states = sealedStates(localStates(root), clearSealer);
  const versions = sealedVersions(localVersions(root), clearSealer);
  const engine = terraformEngine({
    ...{ root, binary: join(import.meta.dirname, '../../lib/engines/terraform/fake-terraform') },
    environment: { ...process.env, HOME: root, XDG_STATE_HOME: join(root, 'home') },
    kept: { states, versions, operator: 'ops@here' },
    access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: {} }),
    findLeftovers: async (_stack, planned) => {
      lookedFor.push(planned.filter(({ change }) => change.actions.includes('create')).map(({ address }) => address));
      return [];
    },
  });
  ports = {
    engines: { terraform: engine },
    ...{ records: localRecords(root), journal: localJournal(root), locks: localLocks(root) },
    ...{ lineage: localLineage(root), states, versions, durations: localDurations(root), git: memoryGit() },
    ...{ synthesize: async () => [], actor: { by: 'ops@here', host: 'here' }, commit: 'c0ffee', now: () => new Date() },
    close: async () => undefined,
    check: async () => ({ code: 0, said: '' }),
    sleep: async () => undefined,
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const signal = new AbortController().signal;
const deploy = (names: string[], destroy = false, recreate: string[] = []) =>
  deployStacks(
    ports,
    { project, targets: [{ stack: stackOf(...names), destroy }] },
    {
      ...{ verb: destroy ? 'destroy' : 'deploy', signal, confirm: async () => true, emit: () => undefined },
      recreate: new Set(recreate as (typeof id)[]),
    },
  );
const restore = (version: string) =>
  restoreVersion(ports, project, id, version, { signal, emit: () => undefined, confirm: async () => true });

test('a version is kept before and after each apply, and a destroyed stack has its last one', async () => {
  await deploy(['a']);
  await deploy(['a', 'b']);
  await deploy(['a', 'b']);
  await deploy(['a', 'b'], true);
  const listed = (await ports.versions.list(id)).map(({ moment, resources }) => [moment, resources]);
  expect(listed.reverse()).toEqual([
    ['after apply', 1],
    ['after apply', 2],
    ['after destroy', 0],
  ]);
  await deploy(['a']);
});

describe('a lost state', () => {
  const other =
    (change: object, by = 1) =>
    () => {
      const state = JSON.parse(readFileSync(stateFile(), 'utf8')) as { serial: number };
      writeFileSync(stateFile(), JSON.stringify({ ...state, serial: state.serial + by, ...change }));
    };
  test.each<[string, () => void]>([
    ['is missing', () => rmSync(stateFile())],
    ['was cut to nothing', () => writeFileSync(stateFile(), '')],
    ['is no state', () => writeFileSync(stateFile(), '{}')],
    ['was cut in the middle', () => writeFileSync(stateFile(), readFileSync(stateFile(), 'utf8').slice(0, 90))],
    ['was emptied', other({ resources: [] })],
    ['is of another lineage', other({ lineage: 'other' })],
    ['is older', other({}, -1)],
  ])('leads to no second resource: it %s', async (_how, lose) => {
    await deploy(['a', 'b']);
    lose();
    const [version] = await ports.versions.list(id);
    if (version === undefined) throw new Error('no version');
    for (const destroy of [false, true])
      await expect(deploy(['a', 'b'], destroy)).rejects.toMatchObject({ code: 'state-lost' });
    const plan = await planLive(
      ports,
      { project, targets: [{ stack: stackOf('a'), destroy: false }] },
      { signal, parallelism: 1 },
    );
    expect(plan.stacks[0]).toMatchObject({
      status: 'error',
      reason: expect.stringContaining('the state of') as string,
    });
    await restore(version.id);
    expect(stateFacts(readFileSync(stateFile(), 'utf8'))?.serial).toBeGreaterThan(version.serial);
    expect((await deploy(['a', 'b'])).stacks[0]?.outcome).toBe('unchanged');
  });

  test('is no reason to refuse where the operator says that the cloud was rebuilt', async () => {
    await deploy(['a']);
    rmSync(stateFile());
    expect((await deploy(['a'], false, [id])).stacks[0]?.outcome).toBe('applied');
  });

  test('without versions, as an older Tandem left it, is known by its record', async () => {
    await deploy(['a']);
    rmSync(join(root, '.tandem', 'state-versions'), { recursive: true });
    rmSync(stateFile());
    await expect(deploy(['a'])).rejects.toMatchObject({ code: 'state-lost' });
  });

  test('where it lacks some resources, these are looked for in the cloud', async () => {
    await deploy(['a', 'b']);
    const state = JSON.parse(readFileSync(stateFile(), 'utf8')) as { serial: number; resources: { name: string }[] };
    const resources = state.resources.filter(({ name }) => name !== 'b');
    writeFileSync(stateFile(), JSON.stringify({ ...state, serial: state.serial + 1, resources }));
    await deploy(['a', 'b']);
    expect(lookedFor).toEqual([['terraform_data.b']]);
  });
});

test('a restore brings the record back too, and can itself be undone', async () => {
  await deploy(['a']);
  await deploy(['a', 'b']);
  const [newest, first] = await ports.versions.list(id);
  await ports.records.remove(id);
  expect((await restore(first?.id ?? '')).comparison).toEqual({
    added: [],
    lost: ['terraform_data.b'],
    both: ['terraform_data.a'],
  });
  expect((await ports.records.read(id))?.artefact).toBe(stackOf('a').text);
  await restore(newest?.id ?? '');
  expect((await deploy(['a', 'b'])).stacks[0]?.outcome).toBe('unchanged');
  expect((await ports.versions.list(id)).map(({ moment }) => moment)).toEqual([
    ...['after restore', 'after restore', 'before restore', 'after apply', 'after apply'],
  ]);
  await expect(restore('19990101T000000000-00000000')).rejects.toMatchObject({ code: 'no-such-version' });
});

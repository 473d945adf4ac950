import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toChanged } from '../../../lib/actions/env/change.ts';
import { toCreated } from '../../../lib/actions/env/create.ts';
import { toDestroyed } from '../../../lib/actions/env/destroy.ts';
import {
  changedSchema,
  createdSchema,
  destroyedSchema,
  environmentSchema,
  environmentsSchema,
  reapSchema,
} from '../../../lib/actions/env/schema.ts';
import { renderChanged, renderCreated, renderDestroyed } from '../../../lib/cli/render/env.ts';
import { freezeEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import { listEnvironments } from '../../../lib/dev/list.ts';
import { reap } from '../../../lib/dev/reaper.ts';
import { renderShow } from '../../../lib/dev/render-show.ts';
import { showEnvironment } from '../../../lib/dev/show.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { makeWorld, type World } from '../dev/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.end());

const create = async () =>
  toCreated(
    await createEnvironment(world.ports, {
      ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', duration: '7d' },
      ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
    }),
  );
const project = () => requireValid('dora', world.ports.files, world.now);
/** What `--json` prints, as a script reads it. */
const printed = (format: string, result: object): unknown => JSON.parse(JSON.stringify({ format, ...result }));

describe('what env verbs print for scripts', () => {
  it('is as its schema says when an environment is created, changed and destroyed', async () => {
    const created = await create();
    expect(createdSchema.parse(printed('tandem.env-create/1', created))).toMatchObject({
      name: 'dora',
      until: '2026-11-27',
    });
    const frozen = toChanged(await freezeEnvironment(world.ports, 'dora'));
    expect(changedSchema.parse(printed('tandem.env-change/1', frozen))).toMatchObject({ state: 'frozen' });
    const destroyed = toDestroyed(await destroyEnvironment(world.ports, 'dora'));
    expect(destroyedSchema.parse(printed('tandem.env-destroy/1', destroyed))).toMatchObject({ pullRequest: null });
  });

  it('is as its schema says where environments are listed, shown and reaped', async () => {
    await create();
    const environments = await listEnvironments(world.ports, project(), { cloud: undefined, drift: true });
    environmentsSchema.parse(printed('tandem.environments/1', { currency: 'EUR', environments }));
    const shown = await showEnvironment(world.ports, project(), 'dora');
    environmentSchema.parse(printed('tandem.environment/1', { currency: 'EUR', ...shown }));
    const state = { id: 'i', name: 'dora-consul-1', status: 'ACTIVE', task: '', zone: 'a', host: '', fault: '' };
    const servers = [{ ...state, certificatesUntil: '2028-11-28T09:00:00.000Z' }, state];
    const certified = { ...shown, health: { servers, balancers: [] } };
    environmentSchema.parse(printed('tandem.environment/1', { currency: 'EUR', ...certified }));
    expect(renderShow(certified, 'EUR')).toMatch(/certificates +end 2028-11-28; .*`tandem env repair dora`/);
    expect(renderShow(shown, 'EUR')).not.toContain('certificates');
    world.now = new Date('2026-12-01T00:00:00Z');
    const { actions } = await reap(world.ports, project(), false);
    const document = printed('tandem.env-reap/1', { executed: false, actions, failures: [] });
    expect(reapSchema.parse(document).actions).toMatchObject([{ name: 'dora', action: 'stop' }]);
  });
});

it('says for people how to reach what was created, and what became of it', async () => {
  const created = await create();
  expect(renderCreated({ ...created, ssh: 'ssh debian@203.0.113.7', hasKeys: true }).split('\n')).toEqual([
    expect.stringMatching(/^dora is ready, leased to dora@acme.example.org until 2026-11-27 \(\d+ changes?\)\.$/),
    '  web: web.x.example.org:443 (198.18.0.21)',
    '  log in: ssh debian@203.0.113.7',
    expect.stringContaining('OS_CLOUD=dora'),
    '',
  ]);
  const pullRequest = 'https://git.example.org/pull/new/x';
  const { stack } = created;
  expect(
    renderChanged({ name: 'dora', stack, state: 'frozen', until: 'x', changes: 1, asked: null, pullRequest }),
  ).toBe(`dora is frozen, leased until x (1 change).\n  open the pull request: ${pullRequest}\n`);
  expect(renderDestroyed(toDestroyed(await destroyEnvironment(world.ports, 'dora')))).toBe('dora is destroyed.\n');
});

it('lists by the command line what is leased', async () => {
  await create();
  const { stdout, code } = await tandemInProcess(world.ports.root, ['env', 'list', '--json']);
  expect([code, environmentsSchema.parse(JSON.parse(stdout)).environments.map(({ name }) => name)]).toEqual([
    0,
    ['dora'],
  ]);
});

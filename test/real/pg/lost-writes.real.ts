import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine, StackEvent } from '../../../lib/engines/engine.ts';
import { terraformEngine } from '../../../lib/engines/terraform/terraform-engine.ts';
import { stateSchema } from '../../../lib/stack/state-schema.ts';
import { pgStores } from '../../../lib/state/pg-stores.ts';
import { clearSealer, type Sealer, stateSealer } from '../../../lib/state/sealer.ts';
import { type States, sealedStates, stateFacts } from '../../../lib/state/states.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

const id = 'openstack/lab/dev/alice';
const COUNT = 6;

let server: Postgres;
let root: string;
let closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  server = await startPostgres();
  root = mkdtempSync(join(tmpdir(), 'tandem-lost-'));
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  await server.stop();
  rmSync(root, { recursive: true });
});

/** Each resource makes a file of its own name and number when it is made: made twice, there are two. */
const made = (): string[] => readdirSync(join(root, 'made')).map((name) => name.replace(/-\d+$/, ''));
const names = Array.from({ length: COUNT }, (_, index) => `r${index}`);
const stack = () =>
  rootStack(id, {
    terraform: { backend: { pg: { schema_name: stateSchema('tandem', id) } } },
    resource: {
      terraform_data: Object.fromEntries(
        names.map((name, index) => [
          name,
          {
            input: index === 0 ? 'a' : `\${terraform_data.r${index - 1}.output}`,
            provisioner: [
              { 'local-exec': { command: `mkdir -p ${root}/made && sleep 1 && touch ${root}/made/${name}-$$` } },
            ],
          },
        ]),
      ),
    },
  });

function open(sealer: Sealer): { engine: Engine; states: States } {
  const stores = pgStores({ connection: server.url, schema: 'tandem' });
  closing.push(() => stores.close());
  const states = sealedStates(stores.rawStates, sealer);
  const versions = sealedVersions(stores.rawVersions, sealer);
  const engine = terraformEngine({
    ...{ root, environment: process.env, stateLockSeconds: 20, kept: { states, versions, operator: 'ops@here' } },
    access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: { PG_CONN_STR: server.url } }),
  });
  return { engine, states };
}

const options = { signal: new AbortController().signal, parallelism: 1 };

const plan = (engine: Engine, emit: (event: StackEvent) => void = () => undefined) =>
  engine.plan(stack(), { ...options, destroy: false, adopt: false, emit });

/** Kills the server once the third of the resources is made. */
async function applyAndKill(engine: Engine): Promise<void> {
  const frozen = await plan(engine);
  for await (const event of engine.apply(frozen, options))
    if (event.kind === 'resource' && event.address === 'terraform_data.r2' && event.phase === 'done')
      await server.crash();
}

const work = (): string => join(root, '.tandem/work/openstack-lab-dev-alice');

test('PostgreSQL killed in the middle of an apply: the next run writes the state, and nothing is made twice', async () => {
  const { engine, states } = open(clearSealer);
  await expect(applyAndKill(engine)).rejects.toMatchObject({ code: 'state-not-saved' });
  expect(existsSync(join(work(), 'errored.tfstate'))).toBe(true);
  await expect(plan(engine)).rejects.toMatchObject({ code: 'state-not-saved' });
  await server.start();
  const messages: StackEvent[] = [];
  const again = await plan(engine, (event) => messages.push(event));
  expect(messages).toContainEqual(
    expect.objectContaining({ text: expect.stringContaining('could not write is written now') as string }),
  );
  const known = stateFacts(await states.read(id))?.addresses ?? [];
  expect(known.length).toBeGreaterThanOrEqual(3);
  // What Terraform made is known, and the rest is created.
  expect(again.plan.changes.map(({ action }) => action)).toEqual(Array(COUNT - known.length).fill('create'));
  for await (const _event of engine.apply(again, options));
  expect(made().sort()).toEqual(names);
  expect(stateFacts(await states.read(id))?.addresses).toHaveLength(COUNT);
  expect(existsSync(join(work(), 'errored.tfstate'))).toBe(false);
});

test('encrypted, Terraform works on through a restart of PostgreSQL, and its state is written at the end', async () => {
  const identity = await generateIdentity();
  const recipients = [await identityToRecipient(identity)];
  const environment = { TANDEM_SECRETS_KEY: identity };
  const { engine, states } = open(stateSealer({ recipients, environment, keyFile: '/nowhere' }));
  const applying = applyAndKill(engine);
  const back = sleep(15_000).then(() => server.start());
  await applying;
  await back;
  expect(made().sort()).toEqual(names);
  expect(stateFacts(await states.read(id))?.addresses).toHaveLength(COUNT);
  const stores = pgStores({ connection: server.url, schema: 'tandem' });
  closing.push(() => stores.close());
  expect(await stores.rawStates.read(id)).toMatch(/^-----BEGIN AGE/);
  expect((await plan(engine)).hasEffect).toBe(false);
  expect(readdirSync(work()).filter((name) => name.endsWith('.tfstate'))).toEqual([]);
});

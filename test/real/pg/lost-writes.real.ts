import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

async function sealing(): Promise<Sealer> {
  const identity = await generateIdentity();
  const recipients = [await identityToRecipient(identity)];
  return stateSealer({ recipients, environment: { TANDEM_SECRETS_KEY: identity }, keyFile: '/nowhere' });
}

test.each([
  ['in clear', async () => clearSealer],
  ['encrypted', sealing],
])('PostgreSQL killed in the middle of an apply, its state %s: nothing is made twice', async (_how, sealer) => {
  const { engine, states } = open(await sealer());
  const frozen = await engine.plan(stack(), { ...options, destroy: false, adopt: false });
  const apply = async (): Promise<void> => {
    for await (const event of engine.apply(frozen, options))
      if (event.kind === 'resource' && event.address === 'terraform_data.r2' && event.phase === 'done') server.kill();
  };
  const error: unknown = await apply().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'state-not-saved' });
  const work = join(root, '.tandem/work/openstack-lab-dev-alice');
  expect(existsSync(join(work, 'errored.tfstate')) || existsSync(join(work, 'terraform.tfstate'))).toBe(true);
  await expect(engine.plan(stack(), { ...options, destroy: false, adopt: false })).rejects.toMatchObject({
    code: 'state-not-saved',
  });
  await server.start();
  const messages: StackEvent[] = [];
  const emit = (event: StackEvent): void => void messages.push(event);
  const again = await engine.plan(stack(), { ...options, destroy: false, adopt: false, emit });
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
  expect(readdirSync(work).filter((name) => name.endsWith('.tfstate'))).toEqual([]);
  if (states.isSealed)
    for (const file of readdirSync(root, { recursive: true }).map(String))
      if (file.endsWith('.json')) expect(readFileSync(join(root, file), 'latin1')).not.toContain('"lineage"');
});

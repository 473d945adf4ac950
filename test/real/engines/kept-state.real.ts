import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, StackEvent } from '../../../lib/engines/engine.ts';
import { terraformEngine } from '../../../lib/engines/terraform/terraform-engine.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { clearSealer, type Sealer, stateSealer } from '../../../lib/state/sealer.ts';
import { type States, sealedStates, stateFacts } from '../../../lib/state/states.ts';
import { localStates } from '../../../lib/state/states-local.ts';
import { sealedVersions, type Versions } from '../../../lib/state/versions.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';

const id = 'openstack/lab/base';
const canary = 'canary-77a0c4';

const stack = rootStack(id, {
  terraform: { backend: { local: { path: `../../../.tandem/state/${id}.tfstate` } } },
  resource: { terraform_data: { one: { input: canary }, two: { input: 'b' } } },
});

let root: string;
let engine: Engine;
let states: States;
let versions: Versions;
const options = () => ({ signal: new AbortController().signal, parallelism: 4 });
const work = (...path: string[]): string => join(root, '.tandem', 'work', 'openstack-lab-base', ...path);
const stateFile = (): string => join(root, '.tandem', 'state', `${id}.tfstate`);

function open(program: string, sealer: Sealer): void {
  states = sealedStates(localStates(root), sealer);
  versions = sealedVersions(localVersions(root), sealer);
  const environment = {
    ...process.env,
    HOME: root,
    XDG_STATE_HOME: join(root, 'home'),
    FAKE_TERRAFORM_LOG: join(root, 'log'),
  };
  engine = terraformEngine({
    ...{ root, binary: program, environment, kept: { states, versions, operator: 'ops@example' } },
    access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: {} }),
  });
}

async function plan(messages: StackEvent[] = []) {
  const frozen = await engine.plan(stack, {
    ...options(),
    destroy: false,
    adopt: false,
    emit: (each) => messages.push(each),
  });
  return frozen;
}

async function apply(): Promise<void> {
  for await (const _event of engine.apply(await plan(), options()));
}

async function sealing(): Promise<Sealer> {
  const identity = await generateIdentity();
  const recipients = [await identityToRecipient(identity)];
  return stateSealer({ recipients, environment: { TANDEM_SECRETS_KEY: identity }, keyFile: '/nowhere' });
}

/** The state with a higher serial, as Terraform has it after one more write. */
function later(text: string, by = 1): string {
  const state = JSON.parse(text) as { serial: number };
  return JSON.stringify({ ...state, serial: state.serial + by });
}

/** Files below the project that hold a text. */
const filesWith = (text: string): string[] =>
  readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(root, name)).isFile() && readFileSync(join(root, name), 'latin1').includes(text));

beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'tandem-kept-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const fake = join(import.meta.dirname, '../../lib/engines/terraform/fake-terraform');
const hasReal = spawnSync('terraform', ['version'], { env: { ...process.env, CHECKPOINT_DISABLE: '1' } }).status === 0;

describe.each(hasReal ? [fake, 'terraform'] : [fake])('states that Tandem keeps, with %s', (program) => {
  test('a state that the back end did not take is written before anything is planned', async () => {
    open(program, clearSealer);
    await apply();
    const whole = readFileSync(stateFile(), 'utf8');
    // What the back end has is the state before: without resources, and older.
    const { serial, ...rest } = JSON.parse(whole) as { serial: number };
    writeFileSync(stateFile(), JSON.stringify({ ...rest, serial: serial - 1, resources: [] }));
    writeFileSync(work('errored.tfstate'), whole);
    await expect(engine.drift(stack, options())).rejects.toMatchObject({ code: 'state-unwritten' });
    const messages: StackEvent[] = [];
    const frozen = await plan(messages);
    expect(frozen.plan.changes).toEqual([]);
    await engine.discard(frozen);
    expect(existsSync(work('errored.tfstate'))).toBe(false);
    expect(messages).toContainEqual(
      expect.objectContaining({
        kind: 'message',
        text: expect.stringContaining('could not write is written now') as string,
      }),
    );
  });

  test('where another run wrote a newer one meanwhile, both are kept and nothing is planned', async () => {
    open(program, clearSealer);
    await apply();
    const whole = readFileSync(stateFile(), 'utf8');
    writeFileSync(stateFile(), later(whole, 3));
    writeFileSync(work('errored.tfstate'), JSON.stringify({ ...(JSON.parse(later(whole)) as object), resources: [] }));
    await expect(plan()).rejects.toMatchObject({ code: 'state-outrun' });
    await expect(plan()).rejects.toMatchObject({ code: 'state-outrun' });
    expect(existsSync(work('errored.tfstate'))).toBe(true);
    const [version] = await versions.list(id);
    expect(version).toMatchObject({ resources: 0, by: 'ops@example' });
    await engine.writeState?.(stack, later(whole, 4));
    expect(existsSync(work('errored.tfstate'))).toBe(false);
    await engine.discard(await plan());
  });

  test('nothing is in the work folder but what Tandem and Terraform wrote', async () => {
    open(program, clearSealer);
    await apply();
    const stray = JSON.stringify({ resource: { terraform_data: { stranger: {} } } });
    for (const name of ['x.tf.json', 'override.tf.json', 'y_override.tf.json']) writeFileSync(work(name), stray);
    writeFileSync(work('z.tf'), 'resource "terraform_data" "stranger" {}\n');
    writeFileSync(work('evil.auto.tfvars'), 'a = 1\n');
    writeFileSync(work('terraform.tfvars'), 'a = 1\n');
    mkdirSync(work('modules'));
    symlinkSync('/etc/passwd', work('backend_override.tf.json'));
    const frozen = await plan();
    expect(frozen.plan.changes).toEqual([]);
    await engine.discard(frozen);
    expect(readdirSync(work()).filter((name) => !name.startsWith('.'))).toEqual(['cdk.tf.json']);
    expect(statSync(work()).mode & 0o777).toBe(0o700);
  });

  test('fails where a link leads elsewhere, wherever it is on the way', async () => {
    open(program, clearSealer);
    await apply();
    for (const path of ['.tandem', '.tandem/work', '.tandem/work/openstack-lab-base', `.tandem/state/${id}.tfstate`]) {
      renameSync(join(root, path), join(root, 'elsewhere'));
      symlinkSync(join(root, 'elsewhere'), join(root, path));
      await expect(plan(), path).rejects.toMatchObject({ code: 'link-not-followed' });
      rmSync(join(root, path));
      renameSync(join(root, 'elsewhere'), join(root, path));
    }
    await engine.discard(await plan());
  });

  test('encrypted: planned, applied and read as ever, and nowhere in clear', async () => {
    open(program, await sealing());
    await apply();
    expect(readFileSync(stateFile(), 'utf8')).toMatch(/^-----BEGIN AGE/);
    expect(filesWith(canary)).toEqual(['.tandem/work/openstack-lab-base/cdk.tf.json']);
    const frozen = await plan();
    expect([frozen.plan.changes, frozen.hasEffect]).toEqual([[], false]);
    await engine.discard(frozen);
    expect(await engine.outputs(stack, options())).toEqual({});
    expect(stateFacts((await engine.readState?.(stack)) ?? '')?.addresses).toEqual([
      'terraform_data.one',
      'terraform_data.two',
    ]);
    expect(filesWith('"lineage"')).toEqual([]);
  });

  test('encrypted: a newer state that a killed run left in clear is taken up, and encrypted', async () => {
    open(program, await sealing());
    await apply();
    const whole = (await states.read(id)) ?? '';
    writeFileSync(work('terraform.tfstate'), later(whole, 2));
    await engine.discard(await plan());
    expect(stateFacts(await states.read(id))?.serial).toBe((stateFacts(whole)?.serial ?? 0) + 2);
    expect(existsSync(work('terraform.tfstate'))).toBe(false);
    // One that is older, or was cut off in the middle of a write, is kept as a version and otherwise ignored.
    for (const left of [whole, whole.slice(0, 200)]) {
      writeFileSync(work('terraform.tfstate'), left);
      const frozen = await plan();
      expect(frozen.plan.changes).toEqual([]);
      await engine.discard(frozen);
    }
    expect(await versions.list(id)).toHaveLength(2);
    expect(filesWith('"lineage"').filter((name) => !name.includes('state-versions'))).toEqual([]);
  });
});

test('what terraform init made is believed only as it was made', async () => {
  open(fake, clearSealer);
  await apply();
  const inits = (): number =>
    readFileSync(join(root, 'log'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('init ')).length;
  await engine.discard(await plan());
  expect(inits()).toBe(1);
  mkdirSync(work('.terraform', 'providers', 'evil'), { recursive: true });
  writeFileSync(work('.terraform', 'providers', 'evil', 'plugin'), '#!/bin/sh\n');
  await engine.discard(await plan());
  expect(inits()).toBe(2);
  expect(existsSync(work('.terraform', 'providers', 'evil'))).toBe(false);
  // The stamp of another checkout, or one that somebody wrote who has no key of this user, is none.
  writeFileSync(work('.terraform', 'tandem-init'), 'a'.repeat(64));
  await engine.discard(await plan());
  expect(inits()).toBe(3);
});

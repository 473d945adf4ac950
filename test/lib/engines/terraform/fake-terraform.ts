// A stand-in for Terraform that passes the same contract test as the real one (engine.contract.ts). What it promises:
//
// - `version`, `init`, `plan -json -out=FILE [-destroy] [-target=ADDRESS…]`, `show -json FILE`, `apply -json FILE`, `output -json`, as Terraform words
//   them, in the folder's cdk.tf.json, with a state of format 4 at `terraform.backend.local.path`, which a backend_override.tf.json
//   changes.
// - It is started by the script `fake-terraform` beside it, as a program on the path would be.
// - One resource type, `terraform_data`: `input` is kept as `output`; a changed `input` is an update in place, a changed
//   `triggers_replace` a replacement. A `local-exec` provisioner runs at creation; where it fails, the resource is tainted.
// - `import` blocks in adopted.tf.json: what the state does not have is taken into it under its id, with no input, as the real one does.
// - Each resource is made after another, and the state is written after each: whoever is killed loses at most one.
// - The state has one user at a time: `plan` and `apply` wait for the process that holds it, if that still runs.
// - SIGINT: the resource at hand is finished, then it stops with exit code 1.
// - FAKE_TERRAFORM_LOG=FILE: every command is noted there, a line each. FAKE_TERRAFORM_PAUSE=MS: time that a resource takes.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Body {
  readonly input?: unknown;
  readonly triggers_replace?: unknown;
  readonly provisioner?: readonly { readonly 'local-exec'?: { readonly command: string } }[];
}
interface Values {
  readonly input: unknown;
  readonly triggers_replace: unknown;
  readonly id?: string;
}
interface Made {
  readonly values: Values;
  readonly tainted?: boolean;
}
interface State {
  serial: number;
  readonly lineage: string;
  readonly resources: Record<string, Made>;
  outputs: Record<string, { value: unknown; sensitive: boolean }>;
}
interface Configuration {
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
  readonly resource?: { readonly terraform_data?: Record<string, Body> };
  readonly output?: Record<string, { value?: unknown; sensitive?: boolean }>;
}
interface Plan {
  readonly changes: readonly {
    address: string;
    name: string;
    change: { actions: string[]; after: Values | null; importing?: { id: string } };
  }[];
  readonly outputs: NonNullable<Configuration['output']>;
  readonly serial: number;
  readonly bodies: Record<string, Body>;
  readonly path: string;
}

const [verb = '', ...args] = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('-'));
const files = args.filter((arg) => !arg.startsWith('-'));
const flag = (name: string): string => flags.find((each) => each.startsWith(`-${name}=`))?.slice(name.length + 2) ?? '';
const log = process.env['FAKE_TERRAFORM_LOG'];
if (log !== undefined && verb !== 'version') appendFileSync(log, `${verb} ${process.pid}\n`);
const say = (message: unknown): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

const readConfiguration = () => JSON.parse(readFileSync('cdk.tf.json', 'utf8')) as Configuration;
const readPlan = () => JSON.parse(readFileSync(files[0] ?? '', 'utf8')) as Plan;
const OVERRIDE = 'backend_override.tf.json';
const statePath = (): string =>
  (existsSync(OVERRIDE) ? (JSON.parse(readFileSync(OVERRIDE, 'utf8')) as Configuration) : readConfiguration()).terraform
    .backend.local.path;
/** Format 4, as the real one writes it. */
interface StateFile extends Pick<State, 'serial' | 'lineage' | 'outputs'> {
  readonly resources: readonly {
    readonly name: string;
    readonly instances: readonly { readonly status?: 'tainted'; readonly attributes: Values }[];
  }[];
}
const readState = (path: string): State => {
  if (!existsSync(path)) return { serial: 0, lineage: randomUUID(), resources: {}, outputs: {} };
  const { resources, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as StateFile;
  const made = resources.flatMap(({ name, instances: [first] }) =>
    first === undefined ? [] : [[name, { values: first.attributes, tainted: first.status === 'tainted' }] as const],
  );
  return { ...rest, resources: Object.fromEntries(made) };
};
const writeState = (path: string, { resources, ...rest }: State): void => {
  mkdirSync(dirname(path), { recursive: true });
  const written = Object.entries(resources).map(([name, { values, tainted }]) => ({
    ...{ mode: 'managed', type: 'terraform_data', name },
    instances: [{ ...(tainted === true ? { status: 'tainted' } : {}), attributes: values }],
  }));
  writeFileSync(`${path}.new`, JSON.stringify({ version: 4, ...rest, resources: written }));
  renameSync(`${path}.new`, path);
};
const value = (text: unknown): unknown =>
  typeof text === 'string' ? text.replace(/^\$\{sensitive\("(.*)"\)\}$/, '$1') : text;
const isSecret = (text: unknown): boolean => typeof text === 'string' && text.startsWith('${sensitive(');

const isRunning = (id: number): boolean => {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
};
async function withState(path: string, action: () => void | Promise<void>): Promise<void> {
  const lock = `${path}.lock`;
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (holder > 0 && !isRunning(holder)) rmSync(lock, { force: true });
      await new Promise((done) => setTimeout(done, 20));
    }
  }
  try {
    await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

const stop = { asked: false };
process.on('SIGINT', () => {
  stop.asked = true;
});

const verbs: Record<string, () => unknown> = {
  version: () => process.stdout.write('Terraform v1.11.4\non linux_amd64\n'),
  init: () => process.stdout.write('Terraform has been successfully initialized!\n'),
  plan: () => withState(statePath(), makePlan),
  show() {
    const { changes, outputs, path } = readPlan();
    const known = readState(path).outputs;
    const output_changes = Object.fromEntries(
      Object.keys({ ...known, ...outputs }).map((name) => {
        const same = JSON.stringify(known[name]?.value) === JSON.stringify(value(outputs[name]?.value));
        return [name, { actions: [same ? 'no-op' : outputs[name] === undefined ? 'delete' : 'create'] }];
      }),
    );
    say({
      format_version: '1.2',
      resource_changes: changes,
      output_changes,
      applyable: true,
      complete: true,
      errored: false,
    });
  },
  apply() {
    const plan = readPlan();
    return withState(plan.path, () => applyPlan(plan));
  },
  output: () => say(readState(statePath()).outputs),
};

/** Ids to import, by name. */
const importsOf = (): Map<string, string> => {
  if (!existsSync('adopted.tf.json')) return new Map();
  const { import: blocks } = JSON.parse(readFileSync('adopted.tf.json', 'utf8')) as {
    import: readonly { to: string; id: string }[];
  };
  return new Map(blocks.map(({ to, id }) => [to.replace('terraform_data.', ''), id]));
};

function makePlan(): void {
  const { resource = {}, output = {} } = readConfiguration();
  const state = readState(statePath());
  const wanted = flags.includes('-destroy') ? {} : (resource.terraform_data ?? {});
  const changes = [];
  const imports = importsOf();
  const parts = flags.flatMap((each) =>
    each.startsWith('-target=') ? [each.slice('-target=terraform_data.'.length)] : [],
  );
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(state.resources)])) {
    if (parts.length > 0 && !parts.includes(name)) continue;
    const imported = state.resources[name] === undefined ? imports.get(name) : undefined;
    const before =
      imported === undefined
        ? state.resources[name]
        : { values: { input: null, triggers_replace: null, id: imported }, tainted: false };
    const body = wanted[name];
    const after =
      body === undefined ? null : { input: value(body.input) ?? null, triggers_replace: body.triggers_replace ?? null };
    const actions = actionsOf(before, after);
    const marks = { input: isSecret(body?.input) };
    const change = {
      ...{ actions, before: before?.values ?? null, after, after_unknown: before === undefined ? { id: true } : {} },
      ...{ before_sensitive: marks, after_sensitive: marks },
      ...(imported === undefined ? {} : { importing: { id: imported } }),
      ...(actions.length === 2 ? { replace_paths: [['triggers_replace']] } : {}),
    };
    const reason = before?.tainted ? { action_reason: 'replace_because_tainted' } : {};
    changes.push({
      address: `terraform_data.${name}`,
      mode: 'managed',
      type: 'terraform_data',
      name,
      change,
      ...reason,
    });
  }
  const outputs = flags.includes('-destroy') ? {} : output;
  writeFileSync(
    flag('out'),
    JSON.stringify({ changes, outputs, serial: state.serial, bodies: wanted, path: statePath() }),
  );
  say({ type: 'version', terraform: '1.11.4', ui: '1.2' });
}

async function applyPlan(plan: Plan): Promise<void> {
  const state = readState(plan.path);
  if (state.serial !== plan.serial) {
    fail('', 'Saved plan is stale');
    return;
  }
  for (const { address, name, change } of plan.changes) {
    const id = change.importing?.id ?? `id-${name}`;
    if (change.importing !== undefined) state.resources[name] = { values: { input: null, triggers_replace: null, id } };
    for (const action of change.actions.filter((each) => each !== 'no-op')) {
      if (stop.asked) {
        fail('', 'execution halted');
        return;
      }
      const hook = { resource: { addr: address, resource_type: 'terraform_data' }, action };
      say({ type: 'apply_start', hook });
      await new Promise((done) => setTimeout(done, Number(process.env['FAKE_TERRAFORM_PAUSE'] ?? 1)));
      const command = action === 'create' ? plan.bodies[name]?.provisioner?.[0]?.['local-exec']?.command : undefined;
      const failed = command !== undefined && (await run(command)) !== 0;
      if (action === 'delete') Reflect.deleteProperty(state.resources, name);
      else
        state.resources[name] = {
          values: { input: null, triggers_replace: null, ...change.after, id },
          tainted: failed,
        };
      state.serial += 1;
      writeState(plan.path, state);
      if (failed) {
        say({ type: 'apply_errored', hook: { ...hook, elapsed_seconds: 0 } });
        fail(address, 'local-exec provisioner error');
        return;
      }
      say({ type: 'apply_complete', hook: { ...hook, elapsed_seconds: 0, id_key: 'id', id_value: `id-${name}` } });
    }
  }
  state.outputs = Object.fromEntries(
    Object.entries(plan.outputs).map(([name, each]) => [
      name,
      { value: value(each.value), sensitive: each.sensitive ?? false },
    ]),
  );
  writeState(plan.path, { ...state, serial: state.serial + 1 });
}

async function run(command: string): Promise<number | null> {
  const child = spawn('sh', ['-c', command], { detached: true, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

function actionsOf(before: Made | undefined, after: Values | null): string[] {
  if (before === undefined) return ['create'];
  if (after === null) return ['delete'];
  if (before.tainted || before.values.triggers_replace !== after.triggers_replace) return ['delete', 'create'];
  return before.values.input === after.input ? ['no-op'] : ['update'];
}

function fail(address: string, summary: string): void {
  say({
    type: 'diagnostic',
    diagnostic: { severity: 'error', summary, detail: '', ...(address === '' ? {} : { address }) },
  });
  process.exitCode = 1;
}

await verbs[verb]?.();

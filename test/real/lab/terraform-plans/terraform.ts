import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../../../lib/processes/child-environment.ts';
import type { CreatePlan, Schemas } from './fabricate.ts';
import { fabricateState } from './fabricate.ts';
import { standIn } from './stand-in.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Terraform {
  /** A state in which all of a root is there. */
  stateOf(root: string): Promise<string>;
  /** What `terraform plan -refresh=false` says: an action by the address of each resource that it touches. */
  plan(state: string, root: string): Promise<Map<string, string>>;
  close(): void;
}

/** A folder in which Terraform is initialised once; plans follow each other in it. */
export async function openTerraform(program: string, cliConfig: string, clouds: readonly string[]): Promise<Terraform> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-plans-'));
  const openstack = await standIn();
  const auth = { auth_url: openstack.url, username: 'deployer', password: 'p', project_name: 'admin' };
  const entry = {
    auth: { ...auth, user_domain_name: 'Default', project_domain_name: 'Default' },
    region_name: 'RegionOne',
  };
  const cloudsYaml = join(folder, 'clouds.yaml');
  writeFileSync(cloudsYaml, JSON.stringify({ clouds: Object.fromEntries(clouds.map((name) => [name, entry])) }));
  const env = {
    ...childEnvironment('cloud-tool', process.env),
    ...{
      TF_CLI_CONFIG_FILE: cliConfig,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      OS_CLIENT_CONFIG_FILE: cloudsYaml,
    },
    ...{ OS_USERNAME: 'deployer', OS_PASSWORD: 'p', OS_USER_DOMAIN_NAME: 'Default' },
  };
  const run = async (...args: string[]): Promise<string> => {
    const options = { cwd: folder, env, maxBuffer: 256 << 20 };
    try {
      return (await promisify(execFile)(program, args, options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      // Without the cause: its output is the whole artefact.
      throw new Error(`terraform ${args.join(' ')} fails: ${stderr}\n${stdout.slice(-3000)}`);
    }
  };
  /** The state lies beside the root, wherever the artefact would keep it; text that Terraform reads elsewhere is not there. */
  const place = (state: string | undefined, text: string): Json => {
    const root = JSON.parse(text) as Json & { terraform: Json };
    const { backend: _elsewhere, ...settings } = root.terraform;
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ ...root, terraform: settings }));
    if (state === undefined) rmSync(join(folder, 'terraform.tfstate'), { force: true });
    else writeFileSync(join(folder, 'terraform.tfstate'), state);
    return root;
  };
  let schemas: { name: string; resources: Schemas } | undefined;
  const initialise = async (): Promise<{ name: string; resources: Schemas }> => {
    if (schemas !== undefined) return schemas;
    await run('init', '-input=false', '-no-color');
    const all = JSON.parse(await run('providers', 'schema', '-json')) as {
      provider_schemas: Record<string, { resource_schemas: Schemas }>;
    };
    const [name = '', found] = Object.entries(all.provider_schemas)[0] ?? [];
    schemas = { name, resources: found?.resource_schemas ?? {} };
    return schemas;
  };
  return {
    async stateOf(text) {
      const root = place(undefined, text);
      const { name, resources } = await initialise();
      await run('plan', '-input=false', '-no-color', '-out=plan');
      return fabricateState(JSON.parse(await run('show', '-json', 'plan')) as CreatePlan, root, resources, name);
    },
    async plan(state, text) {
      place(state, text);
      await initialise();
      return actionsIn(await run('plan', '-input=false', '-refresh=false', '-lock=false', '-json'));
    },
    close() {
      openstack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Line {
  readonly type: string;
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
}

function actionsIn(log: string): Map<string, string> {
  const actions = new Map<string, string>();
  for (const text of log.split('\n')) {
    if (text === '') continue;
    const { type, change } = JSON.parse(text) as Line;
    if (type !== 'planned_change' || change === undefined || change.action === 'noop') continue;
    if (!change.resource.addr.startsWith('data.')) actions.set(change.resource.addr, change.action);
  }
  return actions;
}

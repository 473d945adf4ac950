import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { terraformEngine } from '../../../lib/engines/terraform/terraform-engine.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';

const id = 'openstack/lab/base';

export interface RemoteState {
  /** The `backend` block, as an artefact has it. */
  backend(): Readonly<Record<string, unknown>>;
  /** What Terraform's environment holds besides. */
  environment(): Readonly<Record<string, string>>;
  /** What must be in no file. */
  readonly secret: string;
}

/** Real Terraform with its state elsewhere: what one machine applied, another knows, and no file has the credentials. */
export function remoteStateContract(name: string, state: RemoteState): void {
  describe(`terraform's state: ${name}`, () => {
    const folders: string[] = [];
    const machine = () => {
      const root = mkdtempSync(join(tmpdir(), 'tandem-remote-'));
      folders.push(root);
      return terraformEngine({
        ...{ root, environment: process.env, stateLockSeconds: 20 },
        access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: state.environment() }),
      });
    };
    const options = { signal: new AbortController().signal, parallelism: 4 };
    let stack: SynthesizedStack;
    beforeEach(() => {
      stack = rootStack(id, {
        terraform: { backend: state.backend() },
        resource: { terraform_data: { one: { input: 'a', provisioner: [{ 'local-exec': { command: 'sleep 1' } }] } } },
        output: { one: { value: '${terraform_data.one.output}' } },
      });
    });
    afterEach(() => {
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
    });

    test('what one machine applied, another knows', async () => {
      const [here, there] = [machine(), machine()];
      const frozen = await here.plan(stack, { ...options, destroy: false, adopt: false });
      const applying = (async () => {
        for await (const _event of here.apply(frozen, options));
      })();
      // Terraform's own lock makes the other wait.
      await new Promise((started) => setTimeout(started, 300));
      const known = await there.plan(stack, { ...options, destroy: false, adopt: false });
      await applying;
      await there.discard(known);
      expect((await there.plan(stack, { ...options, destroy: false, adopt: false })).hasEffect).toBe(false);
      expect(await there.outputs(stack, options)).toEqual({ one: { value: 'a', sensitive: false } });
      const files = folders.flatMap((folder) =>
        readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file))),
      );
      expect(files.filter((file) => file.endsWith('base.tfstate'))).toEqual([]);
      for (const file of files)
        if (statSync(file).isFile()) expect(readFileSync(file, 'latin1')).not.toContain(state.secret);
      const destroy = await here.plan(stack, { ...options, destroy: true, adopt: false });
      for await (const _event of here.apply(destroy, options));
      expect((await there.plan(stack, { ...options, destroy: false, adopt: false })).plan.status).toBe('changed');
    });
  });
}

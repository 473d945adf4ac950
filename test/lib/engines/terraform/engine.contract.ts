import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, StackEvent } from '../../../../lib/engines/engine.ts';
import { notedImports, noteImports } from '../../../../lib/engines/import-note.ts';
import { terraformEngine } from '../../../../lib/engines/terraform/terraform-engine.ts';
import type { SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import { rootStack } from './root-stack.ts';

const id = 'openstack/lab/base';
const canary = 'canary-5d2e81';

/** A root of Terraform's own resource type: it needs no provider and no cloud. */
function root(resources: Record<string, unknown>, output: Record<string, unknown> = {}): SynthesizedStack {
  return rootStack(id, {
    terraform: { backend: { local: { path: `../../../.tandem/state/${id}.tfstate` } } },
    resource: { terraform_data: resources },
    ...(Object.keys(output).length > 0 ? { output } : {}),
  });
}

async function collect(events: AsyncIterable<StackEvent>): Promise<StackEvent[]> {
  const all: StackEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const exec = (command: string) => [{ 'local-exec': { command } }];

/** What the engine must do with any program that claims to be Terraform. */
export function engineContract(program: string, name: string): void {
  describe(`terraform engine: ${name}`, () => {
    let folder: string;
    let engine: Engine;
    const options = () => ({ signal: new AbortController().signal, parallelism: 4 });
    const plan = (stack: SynthesizedStack, destroy = false) =>
      engine.plan(stack, { ...options(), destroy, adopt: false });
    const apply = async (stack: SynthesizedStack, destroy = false): Promise<StackEvent[]> => {
      const frozen = await plan(stack, destroy);
      return collect(engine.apply(frozen, options()));
    };
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tandem-engine-'));
      const environment = { ...process.env, XDG_RUNTIME_DIR: folder };
      engine = terraformEngine({
        ...{ root: folder, binary: program, environment },
        access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: {} }),
      });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    test('plans without effect, applies, and has nothing left to do', async () => {
      const stack = root({ one: { input: 'a' }, two: { input: 'b' } });
      const frozen = await plan(stack);
      expect(frozen.plan.status).toBe('changed');
      expect(frozen.plan.changes.map((each) => [each.address, each.action])).toEqual([
        ['terraform_data.one', 'create'],
        ['terraform_data.two', 'create'],
      ]);
      expect(existsSync(join(folder, '.tandem', 'state', `${id}.tfstate`))).toBe(false);
      const events = await collect(engine.apply(frozen, options()));
      expect(events).toContainEqual(
        expect.objectContaining({
          kind: 'resource',
          stack: id,
          address: 'terraform_data.one',
          action: 'create',
          phase: 'done',
        }),
      );
      const again = await plan(stack);
      expect([again.plan.status, again.hasEffect]).toEqual(['unchanged', false]);
      await engine.discard(again);
    });

    test('tells updates from replacements, with the attribute that forces them', async () => {
      await apply(root({ one: { input: 'a' }, two: { input: 'b', triggers_replace: 'x' } }));
      const { plan: planned, ...frozen } = await plan(
        root({ one: { input: 'c' }, two: { input: 'b', triggers_replace: 'y' } }),
      );
      expect(planned.changes.map((each) => [each.address, each.action])).toEqual([
        ['terraform_data.two', 'replace'],
        ['terraform_data.one', 'update'],
      ]);
      const forcing = planned.changes[0]?.attributes.filter((each) => each.forcesReplacement);
      expect(forcing?.map((each) => each.path)).toEqual(['triggers_replace']);
      await engine.discard({ plan: planned, ...frozen });
    });

    test('plans and applies a part alone, and the rest after it', async () => {
      await apply(root({ one: { input: 'a' }, two: { input: 'b' } }));
      const stack = root({ one: { input: 'c' }, two: { input: 'd' } });
      const part = await engine.plan(stack, {
        ...{ ...options(), destroy: false, adopt: false },
        only: ['terraform_data.two'],
      });
      expect(part.plan.changes.map((each) => [each.address, each.action])).toEqual([['terraform_data.two', 'update']]);
      await collect(engine.apply(part, options()));
      const rest = await plan(stack);
      expect(rest.plan.changes.map((each) => [each.address, each.action])).toEqual([['terraform_data.one', 'update']]);
      await engine.discard(rest);
    });

    test('imports what was noted, once, and nothing that the configuration no longer asks for', async () => {
      const stack = root({ one: { input: 'a' }, two: {} });
      const imports = [
        { to: 'terraform_data.one', type: 'terraform_data', id: 'first' },
        { to: 'terraform_data.gone', type: 'terraform_data', id: 'third' },
      ];
      noteImports(folder, id, { from: 'terraform.tfstate', imports });
      const frozen = await plan(stack);
      expect(frozen.plan.changes.map((each) => [each.address, each.action])).toEqual([
        ['terraform_data.one', 'update'],
        ['terraform_data.two', 'create'],
      ]);
      await collect(engine.apply(frozen, options()));
      const again = await plan(stack);
      expect([again.plan.status, again.hasEffect]).toEqual(['unchanged', false]);
      await engine.discard(again);
      expect(notedImports(folder, id)).toEqual([]);
    });

    test('destroys all of it', async () => {
      const stack = root({ one: { input: 'a' } });
      await apply(stack);
      const events = await apply(stack, true);
      expect(events).toContainEqual(expect.objectContaining({ action: 'delete', phase: 'done' }));
      expect((await plan(stack)).plan.changes[0]?.action).toBe('create');
    });

    test('keeps secrets out of plans and events, gives outputs with their sensitivity', async () => {
      const secret = `\${sensitive("${canary}")}`;
      const stack = root(
        { one: { input: secret } },
        { open: { value: 'here' }, hidden: { value: secret, sensitive: true } },
      );
      const frozen = await plan(stack);
      expect(JSON.stringify(frozen.plan)).not.toContain(canary);
      const events = await collect(engine.apply(frozen, options()));
      expect(JSON.stringify(events)).not.toContain(canary);
      expect(await engine.outputs(stack, options())).toEqual({
        open: { value: 'here', sensitive: false },
        hidden: { value: canary, sensitive: true },
      });
    });

    test('keeps state and work to the owner, and no plan once it is read', async () => {
      await apply(root({ one: { input: 'a' } }));
      const state = join(folder, '.tandem', 'state', `${id}.tfstate`);
      expect(statSync(state).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, '.tandem', 'work', 'openstack-lab-base')).mode & 0o077).toBe(0);
      expect(readdirSync(folder).filter((each) => each.startsWith('tandem-plan'))).toEqual([]);
      expect(readdirSync(join(folder, '.tandem', 'work', 'openstack-lab-base'))).not.toContain('apply.jsonl');
    });

    test('fails with the resource that failed, which the next plan makes anew', async () => {
      const stack = root({ one: { input: 'a', provisioner: exec('exit 1') } });
      await expect(apply(stack)).rejects.toMatchObject({
        code: 'stack-failed',
        details: { faults: [expect.objectContaining({ address: 'terraform_data.one' })] },
      });
      const { plan: planned } = await plan(stack);
      expect(planned.changes[0]).toMatchObject({
        action: 'replace',
        reasons: ['it is tainted: its last creation was interrupted or failed'],
      });
    });

    test('stops cleanly when asked: what is begun is finished and noted', async () => {
      const stack = root({
        one: { input: 'a', provisioner: exec('sleep 2') },
        two: { input: '${terraform_data.one.output}', provisioner: exec('sleep 30') },
      });
      const abort = new AbortController();
      const frozen = await plan(stack);
      const events: StackEvent[] = [];
      const run = async (): Promise<void> => {
        for await (const event of engine.apply(frozen, { signal: abort.signal, parallelism: 1 })) {
          events.push(event);
          if (event.kind === 'resource' && event.phase === 'start') abort.abort();
        }
      };
      await expect(run()).rejects.toThrow();
      expect(readFileSync(join(folder, '.tandem', 'state', `${id}.tfstate`), 'utf8')).toContain('one');
      const { plan: planned } = await plan(stack);
      expect(planned.changes.map((each) => each.address)).toContain('terraform_data.two');
    });

    test('shows what was changed behind its back as drift', async () => {
      const stack = root({ one: { input: 'a' } });
      await apply(stack);
      expect((await engine.drift(stack, options())).drift).toEqual([]);
      await apply(root({ one: { input: 'by hand' } }));
      const { drift } = await engine.drift(stack, options());
      expect(drift[0]?.attributes).toContainEqual(
        expect.objectContaining({ path: 'input', before: 'a', after: 'by hand' }),
      );
    });
  });
}

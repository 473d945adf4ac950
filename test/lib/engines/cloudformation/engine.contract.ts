import { randomBytes } from 'node:crypto';
import { DescribeStacksCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloudFormationEngine } from '../../../../lib/engines/cloudformation/cloudformation-engine.ts';
import type { CloudFormationConnection } from '../../../../lib/engines/cloudformation/connection.ts';
import type { StackSettings } from '../../../../lib/engines/cloudformation/plan-stack.ts';
import type { Engine, FrozenStackPlan, StackEvent } from '../../../../lib/engines/engine.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';

/** A CloudFormation to hold to the contract: an account and Region in which the tests may make queues and VPCs. */
export interface Realm {
  readonly connection: CloudFormationConnection;
  close(): Promise<void>;
}

const canary = 'canary-7b1c04';

/** What the engine must do with anything that claims to be CloudFormation. Queues cost nothing; each test removes its own. */
export function cloudFormationContract(name: string, open: () => Promise<Realm>): void {
  describe(`cloudformation engine: ${name}`, { timeout: 600_000 }, () => {
    let realm: Realm;
    let engine: Engine;
    let id: StackId;
    let settings: StackSettings;
    const options = () => ({ signal: new AbortController().signal, parallelism: 4 });
    const plan = (stack: SynthesizedStack, { destroy = false, adopt = false, readOnly = false } = {}) =>
      engine.plan(stack, { ...options(), destroy, adopt, readOnly });
    const apply = async (frozen: FrozenStackPlan): Promise<StackEvent[]> => {
      const events: StackEvent[] = [];
      for await (const event of engine.apply(frozen, options())) events.push(event);
      await engine.discard(frozen);
      return events;
    };
    const template = (Resources: object, more: object = {}): SynthesizedStack => {
      const text = JSON.stringify({ Resources, ...more });
      const head = {
        id,
        engine: 'cloudformation',
        dependsOn: [],
        unresolvedInputs: [],
        files: [],
        target: {},
        citations: {},
      } as const;
      return { ...head, text, digest: digestOf(text) };
    };
    const actions = (frozen: FrozenStackPlan) => frozen.plan.changes.map((each) => `${each.action} ${each.address}`);
    const client = () => realm.connection.cloudFormation;
    const stackName = () => id.replaceAll('/', '-');

    beforeEach(async () => {
      realm = await open();
      id = `custom/contract-${randomBytes(4).toString('hex')}`;
      settings = { terminationProtection: false, tags: { owner: 'contract' }, file: 'config/environments/x.yaml' };
      engine = cloudFormationEngine({
        connect: async () => realm.connection,
        settings: () => settings,
        assets: async () => undefined,
      });
    });
    afterEach(async () => {
      settings = { ...settings, terminationProtection: false };
      const rest = await plan(template({ A: queue() }), { destroy: true });
      if (rest.hasEffect) await apply(rest);
      await realm.close();
    });

    test('plans, applies, and has nothing left to do', async () => {
      const stack = template({ A: queue(), B: queue({ DelaySeconds: 5 }) }, { Outputs: { Url: { Value: ref('A') } } });
      const frozen = await plan(stack);
      expect([frozen.plan.status, ...actions(frozen)]).toEqual(['changed', 'create A', 'create B']);
      const events = await apply(frozen);
      for (const phase of ['start', 'done'])
        expect(events).toContainEqual(
          expect.objectContaining({ kind: 'resource', stack: id, address: 'B', action: 'create', phase }),
        );
      const again = await plan(stack);
      expect([again.plan.status, again.hasEffect]).toEqual(['unchanged', false]);
      expect((await engine.outputs(stack, options()))['Url']).toMatchObject({ sensitive: false });
    });

    test('leaves nothing behind where a plan is not applied', async () => {
      const stack = template({ A: queue() });
      await engine.discard(await plan(stack));
      await expect(client().send(new DescribeStacksCommand({ StackName: stackName() }))).rejects.toThrow(
        'does not exist',
      );
      await apply(await plan(stack));
      await engine.discard(await plan(template({ A: queue({ DelaySeconds: 9 }) })));
      const { Summaries = [] } = await client().send(new ListChangeSetsCommand({ StackName: stackName() }));
      expect(Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === 'AVAILABLE')).toEqual([]);
      expect(actions(await plan(stack))).toEqual([]);
    });

    test('makes no stack where somebody only looks', async () => {
      const frozen = await plan(template({ A: queue() }), { readOnly: true });
      expect(actions(frozen)).toEqual(['create A']);
      await expect(client().send(new DescribeStacksCommand({ StackName: stackName() }))).rejects.toThrow(
        'does not exist',
      );
    });

    test('tells updates from replacements, with the attribute that forces them', async () => {
      await apply(await plan(template({ Net: vpc('10.77.0.0/24'), A: queue({ DelaySeconds: 1 }) })));
      const next = template({ Net: vpc('10.78.0.0/24'), A: queue({ DelaySeconds: 2 }) });
      const frozen = await plan(next);
      expect(actions(frozen)).toEqual(['replace Net', 'update A']);
      const [net, a] = frozen.plan.changes;
      expect(net?.attributes).toContainEqual(
        expect.objectContaining({
          ...{ path: 'CidrBlock', before: '10.77.0.0/24', after: '10.78.0.0/24', forcesReplacement: true },
        }),
      );
      expect(a?.attributes).toContainEqual(
        expect.objectContaining({ path: 'DelaySeconds', before: 1, after: 2, forcesReplacement: false }),
      );
      const events = await apply(frozen);
      expect(events).toContainEqual(expect.objectContaining({ address: 'A', action: 'update', phase: 'done' }));
      expect(events).toContainEqual(expect.objectContaining({ address: 'Net', action: 'delete', phase: 'done' }));
      expect((await plan(next)).hasEffect).toBe(false);
    });

    test('destroys all of it, and names what stays', async () => {
      const stack = template({ A: queue(), Kept: { ...queue(), DeletionPolicy: 'Retain' } });
      await apply(await plan(stack));
      const frozen = await plan(stack, { destroy: true });
      expect(actions(frozen)).toEqual(['delete A', 'forget Kept']);
      const events = await apply(frozen);
      expect(events).toContainEqual(expect.objectContaining({ address: 'A', action: 'delete', phase: 'done' }));
      expect(events).toContainEqual(
        expect.objectContaining({ kind: 'message', text: expect.stringContaining('Kept stays in the account') }),
      );
      const again = await plan(stack, { destroy: true });
      expect([again.hasEffect, ...actions(again)]).toEqual([false]);
    });

    test('fails where termination protection is on, until the configuration takes it off', async () => {
      const stack = template({ A: queue() });
      settings = { ...settings, terminationProtection: true };
      await apply(await plan(stack));
      await expect(plan(stack, { destroy: true })).rejects.toMatchObject({ code: 'termination-protected' });
      settings = { ...settings, terminationProtection: false };
      const frozen = await plan(stack);
      expect(actions(frozen)).toEqual(['update TerminationProtection']);
      await apply(frozen);
      expect(actions(await plan(stack, { destroy: true }))).toEqual(['delete A']);
    });

    test('fails with the resource and its reason, rolls back, and makes the stack anew', async () => {
      const taken = template({ A: queue(), Net: vpc('10.0.0.0/30') });
      await expect(plan(taken).then(apply)).rejects.toMatchObject({
        code: 'stack-failed',
        details: { faults: [expect.objectContaining({ address: 'Net', remedy: 'fail' })] },
      });
      const frozen = await plan(template({ A: queue() }));
      expect(frozen.plan.changes).toMatchObject([
        { action: 'create', address: 'A', reasons: ['its last creation failed and was rolled back'] },
      ]);
      const events = await apply(frozen);
      expect(events).toContainEqual(expect.objectContaining({ address: 'A', action: 'create', phase: 'done' }));
    });

    test('fails before anything is made where a template is not valid', async () => {
      const stack = template({ A: queue({ Nonsense: true }) });
      await expect(plan(stack)).rejects.toMatchObject({ code: 'stack-failed', message: /Nonsense/ });
      await expect(client().send(new DescribeStacksCommand({ StackName: stackName() }))).rejects.toThrow(
        'does not exist',
      );
    });

    test('keeps what a parameter hides out of plans, events and drift, and marks outputs that show it', async () => {
      const hidden = (value: string) =>
        template(
          { A: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::Sub': 'x-${Token}' } } } },
          {
            Parameters: { Token: { Type: 'String', NoEcho: true, Default: value } },
            Outputs: { Shown: { Value: ref('Token') }, Name: { Value: ref('A') } },
          },
        );
      const first = await plan(hidden(canary));
      const told: unknown[] = [first.plan, await apply(first)];
      const outputs = await engine.outputs(first.stack, options());
      expect([outputs['Shown']?.sensitive, outputs['Name']?.sensitive]).toEqual([true, false]);
      const second = await plan(hidden(`${canary}-2`));
      expect(actions(second)).toContain('update A');
      told.push(second.plan, await apply(second), await engine.drift(second.stack, options()));
      expect(JSON.stringify(told)).not.toContain(canary);
    });

    test('leaves off when asked, and the next plan waits for what goes on', async () => {
      // One after the other, so that the first event comes long before the last.
      const chain = Array.from({ length: 20 }, (_, index) => [
        `Q${index}`,
        { ...queue(), ...(index === 0 ? {} : { DependsOn: `Q${index - 1}` }) },
      ]);
      const stack = template(Object.fromEntries(chain) as object);
      const abort = new AbortController();
      const frozen = await plan(stack);
      const run = async (): Promise<void> => {
        for await (const event of engine.apply(frozen, { signal: abort.signal, parallelism: 1 }))
          if (event.kind === 'resource' && event.phase === 'start') abort.abort();
      };
      await expect(run()).rejects.toThrow();
      const again = await plan(stack, { adopt: true });
      expect([again.plan.status, again.hasEffect]).toEqual(['unchanged', false]);
    });

    test('fails to apply a plan that somebody overtook, in a way that planning again fixes', async () => {
      await apply(await plan(template({ A: queue() })));
      const stale = await plan(template({ A: queue({ DelaySeconds: 3 }) }));
      const other = await plan(template({ A: queue({ DelaySeconds: 4 }) }));
      await expect(apply(stale)).rejects.toMatchObject({
        code: 'stack-failed',
        details: { faults: [expect.objectContaining({ remedy: 'again' })] },
      });
      await apply(other);
    });

    test('finds no drift where there is none', async () => {
      const stack = template({ A: queue({ DelaySeconds: 7 }) });
      await apply(await plan(stack));
      expect(await engine.drift(stack, options())).toMatchObject({ status: 'unchanged', drift: [] });
    });
  });
}

export const queue = (Properties: object = {}): object => ({ Type: 'AWS::SQS::Queue', Properties });
const vpc = (CidrBlock: string): object => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock } });
const ref = (Ref: string): object => ({ Ref });

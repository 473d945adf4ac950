import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../plan/model.ts';
import {
  argumentsOf,
  disablingArguments,
  firstSteps,
  type KollaStep,
  updateSteps,
} from '../../private-cloud/kolla/steps.ts';
import { commandFor, growCommand, movesOf } from '../../private-cloud/members/command.ts';
import { membersIn } from '../../private-cloud/members/groups.ts';
import { hashOfParts } from '../../stack/content-hash.ts';
import { partsOf, type StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { StackRecord } from '../../state/record.ts';
import type { Engine, EngineOptions, FrozenStackPlan, StackEvent } from '../engine.ts';
import { stackFailed } from '../errors.ts';
import { workFolder } from '../work-folder.ts';
import { ansibleOf } from './ansible-program.ts';
import { KOLLA } from './catalogue.ts';
import { diffKolla, placementOf, switchesOf } from './difference.ts';
import { kollaMembersChange, kollaNoDestroy, kollaNoDrift, kollaSecrets, kollaTreeEdited } from './errors.ts';
import { progressOf } from './progress.ts';
import { type Files, filesIn, globalsOf, readInventory } from './read-tree.ts';
import { findKolla, followAll, runKolla } from './run-kolla.ts';
import { folderName, runsFolder } from './runs.ts';
import { faultsInSecrets, fillWorkTree } from './work-tree.ts';
import { editsIn, treeFolder } from './written-tree.ts';

export interface KollaEngineProps {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What was last applied. */
  readonly recorded: (stack: StackId) => Promise<StackRecord | undefined>;
  /** Folder of a cloud's secrets, on this host. */
  readonly secretsOf: (cloud: string) => string;
}

interface Handle {
  readonly steps: readonly KollaStep[];
  /** From which tree to which. */
  readonly change: string;
}

/**
 * Deploys a private cloud by Kolla-Ansible. It plans against the tree that was last applied, since Kolla keeps no state to compare
 * with; it runs prechecks, then exactly the services whose settings changed. What is done is noted after each run, so that an
 * interrupted deployment goes on behind it.
 */
export function kollaEngine(props: KollaEngineProps): Engine {
  return {
    name: KOLLA,

    // The operator's own machine is the deployment host.
    assertIdentity: () => Promise.resolve(new Map()),

    async plan(stack, options) {
      const cloud = cloudOf(stack);
      if (options.destroy) throw kollaNoDestroy(stack.id);
      const edits = existsSync(join(props.root, treeFolder(cloud))) ? editsIn(join(props.root, treeFolder(cloud))) : [];
      if (edits.length > 0) throw kollaTreeEdited(cloud, treeFolder(cloud), edits);
      const record = await props.recorded(stack.id);
      if (record !== undefined) requireSameMembers(cloud, filesIn(record.artefact), filesIn(stack.text));
      const changes = diffKolla(record?.artefact, stack.text);
      const steps =
        record === undefined
          ? firstSteps()
          : updateSteps(
              changes.flatMap((each) => each.restarts),
              placementOf(filesIn(stack.text)),
              switchesOf(filesIn(record.artefact), filesIn(stack.text)),
            );
      const handle: Handle = { steps, change: hashOfParts([record?.digest ?? '', stack.digest]) };
      const plan = {
        ...({ id: stack.id, engine: KOLLA, unresolvedInputs: [], drift: [] } as const),
        status: changes.length > 0 ? ('changed' as const) : ('unchanged' as const),
        changes: changes.map((each) => ({ ...each, source: null })),
      };
      return { stack, plan, destroy: false, hasEffect: steps.length > 0, handle };
    },

    async *apply(frozen, options) {
      yield* applySteps(props, frozen, options);
    },

    preflight(stack, _changes, now) {
      const secrets = props.secretsOf(cloudOf(stack));
      // Only the deployment host has them.
      const faults = existsSync(secrets) ? faultsInSecrets(stack, secrets, now) : [];
      const { code: rule, message: reason } = kollaSecrets(stack.id, cloudOf(stack), secrets, faults);
      const found: Finding = { rule, level: 'deny', stack: stack.id, address: '', reason, owner: null };
      return Promise.resolve(faults.length > 0 ? [found] : []);
    },

    discard: () => Promise.resolve(),

    drift: (stack) => Promise.reject(kollaNoDrift(stack.id)),

    outputs(stack) {
      const globals = globalsOf(filesIn(stack.text));
      const shown = [
        'kolla_internal_vip_address',
        'kolla_internal_fqdn',
        'kolla_external_vip_address',
        'kolla_external_fqdn',
      ];
      return Promise.resolve(
        Object.fromEntries(
          shown.flatMap((key) =>
            globals[key] === undefined ? [] : [[key, { value: globals[key], sensitive: false }]],
          ),
        ),
      );
    },
  };
}

async function* applySteps(
  { root, environment, secretsOf }: KollaEngineProps,
  { stack, handle }: FrozenStackPlan,
  { signal }: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { steps, change } = handle as Handle;
  const program = await findKolla(environment);
  const runs = runsFolder(root, stack.id);
  // A run that an interrupted process left uses the tree.
  await followAll(runs, signal);
  const folder = fillWorkTree(root, stack, secretsOf(cloudOf(stack)));
  const log = join(workFolder(root, stack.id), 'kolla-ansible.log');
  const progress = progressOf(root, stack.id, change);
  for (const step of steps) {
    // Checks cost little, and what they found before an interruption may hold no longer.
    if (progress.done.has(step.key) && step.verb !== 'prechecks') continue;
    signal.throwIfAborted();
    const begun = Date.now();
    const event = { kind: 'resource', stack: stack.id, address: step.key, action: 'update' } as const;
    yield { ...event, phase: 'start', seconds: 0 };
    const common = { folder, log, signal, environment, oneByOne: step.oneByOne };
    const run = (name: string) => join(runs, folderName(`${change} ${name}`));
    let result = await runKolla({ ...common, program, args: argumentsOf(step, folder), run: run(step.key) });
    const disabling = disablingArguments(step, folder);
    if (result.code === 0 && disabling !== undefined)
      result = await runKolla({
        ...{ ...common, program: ansibleOf(environment), args: disabling, run: run(`units of ${step.key}`) },
      });
    const { code, faults } = result;
    const seconds = (Date.now() - begun) / 1000;
    if (code !== 0) {
      yield { ...event, phase: 'failed', seconds };
      signal.throwIfAborted();
      throw stackFailed(stack.id, 'applying', faultsOf(step, faults, code, log), 1);
    }
    progress.note(step.key);
    yield { ...event, phase: 'done', seconds };
  }
  progress.clear();
  rmSync(runs, { recursive: true, force: true });
}

function faultsOf(step: KollaStep, faults: readonly { host: string; task: string }[], code: number, log: string) {
  const next = `read ${log} and fix the cause, then \`tandem deploy --resume\`: completed steps are not repeated`;
  const common = { address: step.key, status: 0, requestId: '', request: '', remedy: 'fail', next } as const;
  const told = faults.map(({ host, task }) => ({ ...common, summary: `"${task}" failed on ${host}` }));
  return told.length > 0 ? told : [{ ...common, summary: `kolla-ansible ended with ${code}` }];
}

/** Kolla sets up what is new and leaves alone what is gone: members change by steps of their own. @throws TandemError `kolla-members-change` */
function requireSameMembers(cloud: string, before: Files, after: Files): void {
  const membersOf = (files: Files) => membersIn(readInventory(files['inventory/multinode'] ?? ''));
  const [from, to] = [membersOf(before), membersOf(after)];
  const moves = movesOf(from, to);
  if (moves !== undefined) throw kollaMembersChange(cloud, moves, commandFor(cloud, moves) ?? growCommand(cloud, to));
}

function cloudOf({ id }: Pick<SynthesizedStack, 'id'>): string {
  return partsOf(id).owner;
}

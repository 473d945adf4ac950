import type { UnfinishedOperation } from '../state/journal.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { changeUnfinished } from './errors.ts';
import { leaveBehind } from './leave-behind.ts';
import { standingsOf } from './lineage/lineage.ts';
import { runOperation } from './operation.ts';
import { requirePlace } from './place.ts';
import { planTargets } from './plan-targets.ts';
import type { DeployOptions, DeployPorts, DeployRequest, DeployResult } from './ports.ts';
import { confirmAndRun } from './run-stacks.ts';
import { isCloudChange } from './unfinished.ts';
import { forgetLost } from './versions/recreate.ts';
import { shrunkOf } from './versions/versions.ts';

/**
 * Brings stacks to what the configuration says, or removes them: checks who we are, locks them, plans against the live clouds, shows
 * and asks, applies in the order of their dependencies, and records what was done.
 *
 * Killed at any moment and run again, it finishes: an interrupted operation on the same stacks is found in the journal, and what it
 * left in the cloud is imported, not made twice. Stacks whose plan is empty are skipped.
 *
 * ```ts
 * const ports = await deployPorts({ root, project, environment: process.env });            // real adapters, lib/deploy/real.ts
 * const targets = await targetsFor(ports, project, [lease], { destroy: false });            // lib/deploy/targets.ts
 * const result = await deployStacks(ports, { project, targets }, { verb: 'env create', signal, confirm, emit, within });
 * ```
 *
 * @throws TandemError `broken-state-file`, `state-locked`, `wrong-cloud`, `target-changed`, `foreign-stack`, `ladder-not-taken`, `ladder-check-failed`, `declined`, `stack-failed`, `operation-failed`, `plan-changed`, `holds-data`, `interrupted`
 */
export async function deployStacks(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
): Promise<DeployResult> {
  const { targets } = request;
  const ids = targets.map((target) => target.stack.id);
  // Without its record, nothing right can be said of a stack: refused before anything is asked or locked.
  await Promise.all(ids.map((id) => ports.records.read(id)));
  const identities = await assertIdentities(
    ports,
    targets.map((target) => target.stack),
    options.signal,
  );
  const left = await requirePlace(ports, targets, options.signal, options.leaveBehind);
  try {
    const refuses = (open: UnfinishedOperation) =>
      options.refuses?.(open) ?? (isCloudChange(open) ? changeUnfinished(open.stacks.join(', '), open) : undefined);
    return await runOperation(ports, ids, { ...options, refuses }, async (operation) => {
      operation.actAs(identities);
      for (const each of left) await leaveBehind(ports, each, operation, options);
      const standings = await standingsOf(ports, targets, operation.interrupted, options.signal);
      const unrecorded = ids.filter((id) => standings.get(id)?.isUnrecorded);
      for (const target of targets)
        if (options.recreate?.has(target.stack.id) === true) await forgetLost(ports, target, operation, options);
      const shrunk = await shrunkOf(ports, targets, operation.interrupted, options);
      const halfMade = new Set([...operation.interrupted, ...unrecorded, ...shrunk]);
      const live = await planTargets(ports, request, options, halfMade);
      try {
        return await confirmAndRun(ports, request, options, operation, live, standings);
      } finally {
        for (const each of live.values())
          if (each.frozen !== undefined) await engineOf(ports, each.target.stack).discard(each.frozen);
      }
    });
  } finally {
    ports.durations.save();
  }
}

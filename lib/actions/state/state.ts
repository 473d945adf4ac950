import { declined } from '../../deploy/errors.ts';
import { reencryptStates } from '../../deploy/versions/reencrypt.ts';
import { stateSummary } from '../../deploy/versions/render-state.ts';
import {
  forgetLeft,
  planRestore,
  presentOf,
  restoreVersion,
  type StateComparison,
  stackWithVersions,
} from '../../deploy/versions/restore.ts';
import { counted } from '../../text/plural.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import type { stateForgetSchema, stateListSchema, stateRotateSchema } from './schema.ts';

export interface StateListOptions {
  /** Id or short name. */
  readonly stack: string;
}

export type StateListResult = ResultOf<typeof stateListSchema>;

/** Versions of a stack's state and record. Asks no cloud. */
export async function listStates(context: ActionContext, { stack }: StateListOptions): Promise<StateListResult> {
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => {
    const id = await stackWithVersions(ports, project, stack);
    const versions = (await ports.versions.list(id)).map(({ format: _f, stack: _s, digest: _d, ...told }) => told);
    return { stack: id, present: (await presentOf(ports, project, id)) ?? null, versions };
  });
}

export interface StateVersionOptions extends StateListOptions {
  readonly version: string;
}

export interface StateShowResult extends StateComparison {
  readonly stack: string;
  readonly version: string;
}

/** Resources of a version beside those of the present state: addresses, no values. @throws TandemError `no-such-version` */
export async function showState(
  context: ActionContext,
  { stack, version }: StateVersionOptions,
): Promise<StateShowResult> {
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => {
    const id = await stackWithVersions(ports, project, stack);
    return { stack: id, version, ...(await planRestore(ports, project, id, version)).comparison };
  });
}

export interface StateRestoreOptions extends StateVersionOptions {
  /** Seconds to wait for a stack that somebody else works on. @default 0 */
  readonly lockTimeoutSeconds?: number;
}

/**
 * Puts the state and the record of a version back, after asking.
 * @throws TandemError `no-such-version`, `state-locked`, `declined`
 */
export async function restoreState(
  context: ActionContext,
  { stack, version, lockTimeoutSeconds = 0 }: StateRestoreOptions,
): Promise<StateShowResult> {
  const project = requireProject(context);
  const { io, signal } = context;
  return await withClouds(context, project, async (ports) => {
    const id = await stackWithVersions(ports, project, stack);
    const { comparison } = await restoreVersion(ports, project, id, version, {
      ...{ signal, lockTimeoutSeconds, emit: (event) => io.emit(event) },
      confirm: (plan) =>
        io.confirm({
          code: 'restore-state',
          details: stateSummary(plan.comparison),
          text: `Restore version ${version} of ${id}?`,
        }),
    });
    return { stack: id, version, ...comparison };
  });
}

export type StateForgetResult = ResultOf<typeof stateForgetSchema>;

/**
 * Forgets what was left behind in another place, after asking.
 * @throws TandemError `no-such-version`, `not-left-behind`, `state-locked`, `declined`
 */
export async function forgetState(
  context: ActionContext,
  { stack, version, lockTimeoutSeconds = 0 }: StateRestoreOptions,
): Promise<StateForgetResult> {
  const project = requireProject(context);
  const { io, signal } = context;
  return await withClouds(context, project, async (ports) => {
    const left = await forgetLeft(ports, project, stack, version, {
      ...{ signal, lockTimeoutSeconds, emit: (event) => io.emit(event) },
      confirm: ({ stack: id, moment, resources }) =>
        io.confirm({
          code: 'forget-state',
          details: `${id} was ${moment}, with ${counted(resources, 'resource')}.`,
          text: 'Is all of it destroyed there, or somebody else’s to care for? Then it is no longer told of.',
        }),
    });
    return { stack: left.stack, version, moment: left.moment };
  });
}

export type StateRotateResult = ResultOf<typeof stateRotateSchema>;

/** Encrypts states, versions and records to the present `state.recipients`, after asking. @throws TandemError `declined`, `state-locked` */
export async function rotateStates(context: ActionContext): Promise<StateRotateResult> {
  const project = requireProject(context);
  const { io, signal, root, environment } = context;
  const { recipients } = project.organisation.value.state;
  const text =
    recipients.length === 0
      ? 'Keep all states in clear from now on? `state.recipients` names nobody.'
      : `Encrypt all states to ${recipients.length} recipients? Whoever is not among them can no longer read what is written from now on.`;
  if (!(await io.confirm({ code: 'rotate-states', text, details: recipients.join('\n') }))) throw declined();
  return await withClouds(context, project, async (ports) => {
    const counts = await reencryptStates(
      ports,
      { root, project, environment },
      { signal, emit: (each) => io.emit(each) },
    );
    return { recipients, ...counts };
  });
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askedFor, type MembersAsk, requireSame } from '../../cloud-operations/members/choose.ts';
import { openWay } from '../../cloud-operations/members/open-way.ts';
import { type MembersChange, planChange } from '../../cloud-operations/members/plan-change.ts';
import { renderSteps } from '../../cloud-operations/members/render-steps.ts';
import { runChange } from '../../cloud-operations/members/run-change.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { declined } from '../../deploy/errors.ts';
import { writeInventory } from '../../engines/kolla/kolla-plays.ts';
import { treeFolder } from '../../engines/kolla/written-tree.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { withMembers } from '../../private-cloud/members/groups.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';

export interface MembersOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Runs the steps, after asking. @default false */
  readonly run?: boolean;
}

export interface HostsOptions extends MembersOptions {
  readonly ask: MembersAsk;
  /** Hosts that leave are off already, and stay so. @default false */
  readonly off?: boolean;
}

export interface MembersResult extends Pick<MembersChange, 'cloud' | 'joining' | 'leaving' | 'steps'> {
  readonly done: boolean;
  /** `docker` or `podman`. */
  readonly engine: string;
  /** The command, without `--run`. */
  readonly command: string;
}

export interface GrowResult extends MembersResult {
  readonly to: Cloud['layout'];
  /** File with the cloud's `layout`. */
  readonly file: string;
}

/**
 * Hosts come, go or take each other's place, as the configuration says.
 * @throws TandemError `no-such-cloud`, `not-kolla`, `members-differ`, `members-impossible`, `member-step-failed`, `declined`
 */
export async function changeHosts(context: ActionContext, options: HostsOptions): Promise<MembersResult> {
  const { ask, off = false } = options;
  const { joining, leaving } = askedFor(ask);
  const words = ask.verb === 'replace' ? [ask.old, ask.replacement] : ask.hosts;
  return await change(context, options, `cloud ${ask.verb}`, (cloud) => {
    const command = `cloud ${ask.verb} ${words.join(' ')} --cloud ${cloud}${off ? ' --off' : ''}`;
    const given = { joining: joining.join(' '), leaving: leaving.join(' ') };
    const check = (planned: MembersChange) => requireSame(cloud, ask, planned);
    return { command, given, check, request: { off: new Set(off ? leaving : []) } };
  });
}

/**
 * Moves services to hosts of their own, or back, in steps that lose no majority and no address.
 * @throws TandemError `no-such-cloud`, `not-kolla`, `members-impossible`, `member-step-failed`, `declined`
 */
export async function growCloud(
  context: ActionContext,
  options: MembersOptions & { readonly to: Cloud['layout'] },
): Promise<GrowResult> {
  const { to } = options;
  const { file } = chooseKollaCloud(requireProject(context), options.cloud);
  const result = await change(context, options, 'cloud grow', (cloud) => ({
    ...{ command: `cloud grow ${cloud} --to ${to}`, given: { to }, check: () => undefined, request: { layout: to } },
  }));
  return { ...result, to, file };
}

/** Beside the written tree, so that the commands that are shown can be typed. */
function showInventories(root: string, { cloud, steps, inventory }: MembersChange): void {
  const folder = join(root, treeFolder(cloud));
  if (!existsSync(folder)) return;
  for (const { actions, members } of steps)
    for (const action of actions)
      if (action.kind === 'play') writeInventory(folder, cloud, action.play, withMembers(inventory, members));
}

interface Asked {
  readonly command: string;
  readonly given: Readonly<Record<string, string>>;
  readonly check: (planned: MembersChange) => void;
  readonly request: Parameters<typeof planChange>[2];
}

async function change(
  context: ActionContext,
  options: MembersOptions,
  verb: string,
  ask: (cloud: string) => Asked,
): Promise<MembersResult> {
  const project = requireProject(context);
  const cloud = chooseKollaCloud(project, options.cloud);
  const { command, given, check, request } = ask(cloud.name);
  return await withClouds(context, project, async (ports) => {
    const planned = await planChange(ports, cloud, request);
    check(planned);
    showInventories(context.root, planned);
    const { steps, joining, leaving } = planned;
    const engine = cloud.value.kolla.containerEngine;
    const result = { cloud: cloud.name, joining, leaving, steps, engine, command: `tandem ${command}` };
    if (options.run !== true || steps.length === 0) return { ...result, done: false };
    const details = renderSteps(cloud.name, steps, engine);
    if (!(await context.io.confirm({ code: 'members', details, text: 'Run these steps?' }))) throw declined();
    const { root, environment, signal, io } = context;
    await runChange(ports, planned, {
      ...{ verb, command, arguments: given, signal, emit: io.emit.bind(io) },
      onStep: (key, phase, text) => inform(context, text === undefined ? `${key}: ${phase}` : `${key}: waits, ${text}`),
      open: (operation) => openWay({ root, environment, signal }, cloud, planned, operation),
    });
    return { ...result, done: true };
  });
}

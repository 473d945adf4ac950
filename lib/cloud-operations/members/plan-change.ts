import type { Entity } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { DeployPorts } from '../../deploy/ports.ts';
import { kollaTree } from '../../engines/kolla/catalogue.ts';
import { diffKolla, placementOf, switchesOf } from '../../engines/kolla/difference.ts';
import { readInventory, valuesOf } from '../../engines/kolla/read-tree.ts';
import { type InventoryGroup, inventoryGroups } from '../../private-cloud/kolla/inventory.ts';
import { renderTree } from '../../private-cloud/kolla/render.ts';
import { updateSteps } from '../../private-cloud/kolla/steps.ts';
import { hostsIn, inventoryOfBoth, membersIn, QUORUMS, without } from '../../private-cloud/members/groups.ts';
import { inLayout } from '../../private-cloud/members/layouts.ts';
import { planMembers } from '../../private-cloud/members/plan.ts';
import { lonely, many } from '../../private-cloud/members/planning.ts';
import { type MemberPlaces, placesOf } from '../../private-cloud/members/questions.ts';
import { type MemberStep, numbered, play } from '../../private-cloud/members/step.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { StackId } from '../../stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../stack/synthesized.ts';
import { counted } from '../../text/plural.ts';
import { begunOf, noteOf, withBegun } from './begun.ts';
import { membersImpossible, notDeployed } from './errors.ts';
import { simulateMembers } from './simulate.ts';

type Layout = Cloud['layout'];
type Files = Readonly<Record<string, string>>;

export interface ChangeRequest {
  /** @default as configured */
  readonly layout?: Layout;
  /** Hosts that are off and stay so. @default none */
  readonly off?: ReadonlySet<string>;
}

/** A change of members, planned and simulated. */
export interface MembersChange {
  readonly cloud: string;
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
  /** Those of them that are off and stay so. */
  readonly off: readonly string[];
  /** What its operation keeps of where hosts are to be. */
  readonly note: string;
  readonly steps: readonly MemberStep[];
  /** The tree that is recorded at the end. */
  readonly stack: SynthesizedStack;
  /** The tree that steps run on: with the variables of hosts that leave. */
  readonly files: Files;
  /** Names every host of before and after. */
  readonly inventory: readonly InventoryGroup[];
  readonly places: MemberPlaces;
}

/**
 * Plans how a cloud gets from the placement that was last applied to that of its configuration, or of a layout, and simulates it.
 * @throws TandemError `members-impossible`, `cloud-not-deployed`
 */
export async function planChange(
  ports: Pick<DeployPorts, 'records' | 'journal'>,
  cloud: Entity<Cloud>,
  { layout, off = new Set() }: ChangeRequest,
): Promise<MembersChange> {
  const { name, value } = cloud;
  const record = await ports.records.read(StackId.kolla(name));
  if (record === undefined && layout === undefined) throw notDeployed(name);
  const isOutside = value.storage.backend === 'ceph';
  const groupsOf = (of: Cloud) => inventoryGroups(topologyOf(name, of), isOutside);
  const target = layout === undefined ? value : inLayout(value, layout);
  const applied =
    record === undefined
      ? renderTree(name, inLayout(value, value.layout)).files
      : (JSON.parse(record.artefact) as Files);
  const begun = off.size === 0 ? [] : begunOf(await ports.journal.open(), StackId.kolla(name), off);
  const standing = withBegun(readInventory(applied['inventory/multinode'] ?? '').map(withoutLocalhost), begun);
  const wanted = groupsOf(target);
  const [from, to] = [membersIn(standing), membersIn(wanted)];
  requirePossible(cloud, layout, to);
  const addresses = new Map([
    ...addressesIn(applied),
    ...begun.map(({ host, address }) => [host, address] as const),
    ...placesOf(wanted, topologyOf(name, value), value).addresses,
  ]);
  const inventory = inventoryOfBoth(standing, wanted);
  const engine = value.kolla?.containerEngine ?? 'docker';
  const places: MemberPlaces = { ...placesOf(wanted, topologyOf(name, target), value), addresses };
  const rendered = renderTree(name, target).files;
  const files = layout === undefined ? rendered : { ...renderTree(name, value).files, ...rendered };
  const { services } = placementOf(rendered);
  const moves = planMembers({
    ...{ from, to, standing, inventory, services, engine, off, hasVips: places.vips.length > 0 },
    addressOf: (host) => addresses.get(host) ?? '',
  });
  const text = JSON.stringify(files, null, 1);
  const stack = { ...kollaTree(cloud), citations: {}, text, digest: digestOf(text) };
  const stays = hostsIn(from).filter((host) => hostsIn(to).includes(host));
  const steps = moves.length === 0 ? [] : [...moves, ...settingsSteps(applied, files, stays, to, moves.length)];
  const simulated = { standing, wanted, inventory, services, places, addresses, vips: places.vips, off };
  const [problem] = await simulateMembers(moves, simulated);
  if (problem !== undefined) throw membersImpossible(name, `in step "${problem.step}": ${problem.problem}`);
  return {
    ...{ cloud: name, steps, stack, inventory, places, files: { ...variablesOfHosts(applied), ...files } },
    ...{ joining: without(hostsIn(to), hostsIn(from)), leaving: without(hostsIn(from), hostsIn(to)) },
    off: [...off],
    note: noteOf(without(hostsIn(to), hostsIn(from)), to, (host) => addresses.get(host) ?? ''),
  };
}

function requirePossible(
  { name, value }: Entity<Cloud>,
  layout: Layout | undefined,
  to: ReturnType<typeof membersIn>,
): void {
  if (layout === undefined) return;
  if (layout === 'starter')
    throw membersImpossible(
      name,
      'neither of the last two members can be removed: RabbitMQ pauses and OVN’s raft stops without a majority',
    );
  if (value.vips === undefined)
    throw membersImpossible(name, 'it has no `vips`, which several controllers need to share one address');
  for (const group of QUORUMS)
    if (to[group].length < 3)
      throw membersImpossible(
        name,
        `${group} would have ${counted(to[group].length, 'member')}; a majority that survives the loss of one needs 3`,
      );
}

/**
 * What changed besides members takes effect once they stand, as a deployment would do it: the record says all of it.
 * @param stays hosts of before and after
 */
function settingsSteps(
  before: Files,
  after: Files,
  stays: readonly string[],
  members: MemberStep['members'],
  from: number,
): MemberStep[] {
  const isSetting = ({ address }: { readonly address: string }) => {
    const [, host] = /^inventory\/host_vars\/(.+)\.yml$/.exec(address) ?? [];
    return address !== 'inventory/multinode' && (host === undefined || stays.includes(host));
  };
  const changes = diffKolla(JSON.stringify(before), JSON.stringify(after)).filter(isSetting);
  const placement = placementOf(after);
  const restarts = changes.flatMap((each) => each.restarts);
  const runs = updateSteps(restarts, placement, switchesOf(before, after)).filter(({ verb }) => verb !== 'prechecks');
  const drafts = runs.map(({ verb, tags, limit, oneByOne, variables, disabled: containers = [] }) => {
    const units = containers.length === 0 ? [] : limit.map((host) => ({ kind: 'units', host, containers }) as const);
    const extra = variables === undefined ? {} : { extra: ['--extra-vars', JSON.stringify(variables)] };
    return {
      key: `${verb} ${tags.join(', ')} on ${many(limit)} for other settings`,
      members,
      actions: [play(verb, tags, limit, { ...extra, ...(oneByOne === true ? { oneByOne } : {}) }), ...units],
      unavailable: lonely(tags, placement),
    };
  });
  return numbered(drafts, from);
}

/** Where no host deploys, Kolla's own inventory has the machine itself. */
function withoutLocalhost(group: InventoryGroup): InventoryGroup {
  return group.name === 'deployment' ? { ...group, hosts: without(group.hosts, ['localhost']) } : group;
}

function variablesOfHosts(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => /^inventory\/(?:host|group)_vars\//.test(path)));
}

/** Of hosts that were deployed: the configuration may no longer have them. */
function addressesIn(files: Files): (readonly [string, string])[] {
  return Object.entries(files).flatMap(([path, content]) => {
    const [, host] = /^inventory\/host_vars\/(.+)\.yml$/.exec(path) ?? [];
    const address = host === undefined ? undefined : valuesOf(path, content)['ansible_host'];
    return host !== undefined && typeof address === 'string' ? [[host, address] as const] : [];
  });
}

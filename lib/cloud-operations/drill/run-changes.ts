import { setTimeout as sleepMs } from 'node:timers/promises';
import type { Cloud } from '../../config/schema/cloud.ts';
import { type ChangeOutcome, playChange } from '../../private-cloud/drill/change.ts';
import { asDrill } from '../../private-cloud/drill/errors.ts';
import { worstGaps } from '../../private-cloud/drill/predict.ts';
import type { DrillTarget } from '../../private-cloud/drill/target.ts';
import { inventoryGroups } from '../../private-cloud/kolla/inventory.ts';
import { inventoryOfBoth, membersIn, withMembers } from '../../private-cloud/members/groups.ts';
import { planMembers } from '../../private-cloud/members/plan.ts';
import type { CloudApi, CloudHosts, KollaPlays } from '../../private-cloud/members/ports.ts';
import { type MemberPlaces, placesOf } from '../../private-cloud/members/questions.ts';
import { unmet } from '../../private-cloud/members/unmet.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { act } from '../members/act.ts';
import { askMembership } from '../members/ask.ts';

/** A machine of the drill: one that carries services, or may. */
export interface Machine {
  readonly name: string;
  readonly rack: string;
  readonly address: string;
}

/** Which machines are the cloud before and after. */
export interface MemberDrill {
  readonly name: string;
  readonly from: readonly Machine[];
  readonly to: readonly Machine[];
}

export interface MemberDrillOptions {
  /** The drill's cloud, whose controllers are replaced by the machines. */
  readonly cloud: Cloud;
  readonly target: DrillTarget;
  readonly ports: { readonly hosts: CloudHosts; readonly plays: KollaPlays; readonly api: CloudApi };
  readonly run: string;
  readonly signal: AbortSignal;
  readonly say: (what: string) => void;
}

/** Plans a change of members and runs it on the drill's hosts under load: the planner and the executor of `cloud add`, `remove` and `replace`. */
export async function runMemberDrill(drill: MemberDrill, options: MemberDrillOptions): Promise<ChangeOutcome> {
  const { target, run, signal, say } = options;
  const plan = planned(drill, options.cloud);
  const ports = { ...options.ports, sleep: (seconds: number) => sleepMs(seconds * 1000, undefined, { signal }) };
  const steps = plan.steps.map((step) => ({
    key: step.key,
    run: async (): Promise<void> => {
      const place = { inventory: withMembers(plan.inventory, step.members), places: plan.places, signal };
      for (const action of step.actions) await act(action, ports, place);
    },
  }));
  const name = drill.name;
  const verify = async () => await unmetBy(options.ports.hosts, plan.places, signal);
  const predicted = worstGaps(cloudOf(options.cloud, drill.from));
  return await asDrill(name, playChange(target, { run: `${run}-${name}`, name, steps, predicted, verify, say }));
}

function planned({ from, to }: MemberDrill, base: Cloud) {
  const everyone = cloudOf(base, [...from, ...to.filter(({ name }) => !from.some((each) => each.name === name))]);
  const [before, after] = [cloudOf(base, from), cloudOf(base, to)];
  const [standing, wanted] = [before, after].map((cloud) => inventoryGroups(topologyOf('drill', cloud), false));
  if (standing === undefined || wanted === undefined) throw new RangeError('no inventory');
  const { addresses } = placesOf(standing, topologyOf('drill', everyone), everyone);
  const inventory = inventoryOfBoth(standing, wanted);
  const places: MemberPlaces = { ...placesOf(wanted, topologyOf('drill', after), after), addresses };
  const steps = planMembers({
    ...{ from: membersIn(standing), to: membersIn(wanted), standing, inventory, engine: 'docker' },
    ...{ off: new Set(), hasVips: true, addressOf: (host) => addresses.get(host) ?? '' },
  });
  return { steps, inventory, places };
}

/** A fourth machine joins the first three, leaves, and replaces one, which comes back: in the end the first three are there. Pure. */
export function memberDrills(machines: readonly Machine[]): readonly MemberDrill[] {
  const [one, two, three, spare] = machines;
  if (one === undefined || two === undefined || three === undefined || spare === undefined)
    throw new RangeError('the drill needs four machines');
  const [first, more, other] = [
    [one, two, three],
    [one, two, three, spare],
    [one, two, spare],
  ];
  return [
    { name: `add ${spare.name}`, from: first, to: more },
    { name: `remove ${spare.name}`, from: more, to: first },
    { name: `replace ${three.name} by ${spare.name}`, from: first, to: other },
    { name: `replace ${spare.name} by ${three.name}`, from: other, to: first },
  ];
}

/** The drill's cloud with these controllers, each in a rack and a zone of its own, as its file has three. Pure. */
export function cloudOf(base: Cloud, machines: readonly Machine[]): Cloud {
  const [like] = Object.values(base.hosts);
  const [rackLike] = Object.values(base.racks);
  if (like === undefined || rackLike === undefined) throw new RangeError('the drill’s cloud has no hosts');
  const racks = machines.map(({ rack }) => rack);
  return {
    ...base,
    racks: Object.fromEntries(racks.map((rack) => [rack, rackLike])),
    zones: Object.fromEntries(racks.map((rack) => [`rack-${rack}`, { racks: [rack] }])),
    hosts: Object.fromEntries(
      machines.map(({ rack, address }) => [`control-${rack}`, { ...like, rack, firstAddress: address }]),
    ),
  };
}

async function unmetBy(hosts: CloudHosts, places: MemberPlaces, signal: AbortSignal): Promise<readonly string[]> {
  const membership = await askMembership(hosts, places, signal);
  const expected = { database: places.database, brokers: places.brokers, raft: places.raft, vips: places.balancers };
  const kinds = ['database', 'brokers', 'raft', 'vips'] as const;
  return kinds.flatMap((kind) => unmet({ kind, hosts: expected[kind] }, membership));
}

import { expect, test } from 'vitest';
import type { State } from '../../../lib/aws-model/context.ts';
import type { Api } from '../../../lib/aws-model/types.ts';
import { sample } from '../../chaos.ts';
import { MINUTE } from './account.ts';
import { Chaos } from './operations.ts';

/** 10,000 seeds in `npm run test:chaos`, by tens. */
const FIRST = sample(
  Array.from({ length: 1000 }, (_, ten) => 10 * ten),
  1,
);
const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
const STEPS = 25;

/** Where an instance may stay. */
const SETTLED = /^(InService|Standby|Warmed:(Stopped|Running|Hibernated)|.*:Retained)$/;

const APIS: readonly Api[] = [
  'ec2:RunInstances',
  'ec2:StartInstances',
  'ec2:TerminateInstances',
  'ec2:StopInstances',
  'ec2:RebootInstances',
];

test.each(FIRST)(
  'whatever is done and fails, every instance is accounted for and no bucket runs below zero: from seed %i',
  (first) => {
    const broken: string[] = [];
    for (const seed of seedsFrom(first, 10)) {
      const chaos = new Chaos(seed);
      for (let step = 0; step < STEPS && broken.length === 0; step += 1) {
        chaos.step();
        broken.push(...faultsOf(chaos).map((fault) => `seed ${seed}, step ${step}: ${fault}`));
      }
    }
    expect(broken).toEqual([]);
  },
);

test.each(FIRST)('once nothing is done to it any more, a group comes to what it should be: from seed %i', (first) => {
  const unsettled: string[] = [];
  for (const seed of seedsFrom(first, 10)) {
    const chaos = new Chaos(seed);
    for (let step = 0; step < STEPS; step += 1) chaos.step();
    const { autoscaling, world } = chaos.model;
    for (const zone of ['a', 'b', 'c'])
      world.setCapacity({ zone: `eu-west-3${zone}`, available: Number.POSITIVE_INFINITY });
    // Agents that do what hooks ask for.
    chaos.model.onEvent((event) => {
      if (event.type === 'lifecycle-action')
        autoscaling.completeLifecycleAction({
          AutoScalingGroupName: event.group,
          LifecycleHookName: event.hook,
          LifecycleActionToken: event.token,
          LifecycleActionResult: 'CONTINUE',
        });
    });
    autoscaling.resumeProcesses({ AutoScalingGroupName: 'g' });
    for (const id of chaos.state.ec2.machines.keys()) world.impair(id, undefined);
    chaos.model.advanceTo(chaos.model.now + 180 * MINUTE);
    const { desired } = groupOf(chaos.state);
    const members = membersOf(chaos.state);
    const inService = members.filter(({ state }) => state === 'InService').length;
    const spared = members.filter((member) => member.protected).length;
    const moving = members.filter(({ state }) => !SETTLED.test(state));
    if (inService < desired || inService > Math.max(desired, spared) || moving.length > 0)
      unsettled.push(
        `seed ${seed}: ${inService} in service of ${desired}, ${members.map(({ state }) => state).join(' ')}`,
      );
  }
  expect(unsettled).toEqual([]);
});

test.each(FIRST)(
  'the same seed gives the same events, and a snapshot goes on as the model it was taken of: from seed %i',
  (first) => {
    for (const seed of seedsFrom(first, 2)) {
      const [one, other] = [new Chaos(seed), new Chaos(seed)];
      const events: [string[], string[]] = [[], []];
      one.model.onEvent((event) => events[0].push(JSON.stringify(event)));
      other.model.onEvent((event) => events[1].push(JSON.stringify(event)));
      for (let step = 0; step < STEPS; step += 1) {
        one.step();
        other.step();
      }
      expect(events[1]).toEqual(events[0]);
      const restored = one.fork();
      expect(restored.model.snapshot()).toEqual(one.model.snapshot());
      for (let step = 0; step < STEPS; step += 1) {
        one.step();
        restored.step();
      }
      expect(restored.model.snapshot()).toEqual(one.model.snapshot());
    }
  },
);

const groupOf = ({ autoscaling }: State) => {
  const group = autoscaling.groups.get('g');
  if (group === undefined) throw new Error('the group is gone');
  return group;
};

const membersOf = (state: State) => [...groupOf(state).members.values()];

function faultsOf(chaos: Chaos): string[] {
  const { state } = chaos;
  const { ec2, autoscaling } = state;
  const group = groupOf(state);
  const faults: string[] = [];
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  check(
    group.min <= group.desired && group.desired <= group.max,
    `desired ${group.desired} is not within ${group.min} and ${group.max}`,
  );
  for (const member of group.members.values()) {
    check(autoscaling.groupOf.get(member.id) === 'g', `${member.id} is in the group without being known to be`);
    const machine = ec2.machines.get(member.id);
    if (member.state === 'InService' && member.healthy && machine?.state === 'pending')
      faults.push(`${member.id} is in service before EC2 runs it`);
    check(
      member.waits.length > 0 === member.state.endsWith(':Wait'),
      `${member.id} is ${member.state} with ${member.waits.length} hooks`,
    );
  }
  for (const id of autoscaling.groupOf.keys())
    check(group.members.has(id), `${id} is known to be in the group and is not`);
  const live = [...ec2.machines.values()].filter((machine) => machine.state !== 'terminated');
  for (const machine of live) {
    const tagged = machine.tags.some(({ Key }) => Key === 'aws:autoscaling:groupName');
    const leaving = machine.state === 'shutting-down';
    check(!tagged || leaving || group.members.has(machine.id), `${machine.id} was launched by the group and is lost`);
  }
  for (const subnet of ec2.subnets.values())
    check(
      subnet.used === live.filter((machine) => machine.subnet === subnet.id).length,
      `${subnet.id} counts ${subnet.used} addresses`,
    );
  for (const { id, state: now, counted } of ec2.machines.values())
    if (now !== 'shutting-down')
      check(counted !== (now === 'stopped' || now === 'terminated'), `vCPUs of ${id}, ${now}`);
  const counted = live.filter((machine) => machine.counted).length * 2;
  check(
    (ec2.vcpus.get('on-demand') ?? 0) === counted,
    `${ec2.vcpus.get('on-demand') ?? 0} vCPUs are counted of ${counted}`,
  );
  for (const api of APIS)
    for (const { name, tokens, capacity } of chaos.model.buckets(api))
      check(tokens >= 0 && tokens <= capacity, `${name} holds ${tokens} of ${capacity}`);
  return faults;
}

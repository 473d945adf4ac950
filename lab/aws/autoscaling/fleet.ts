import { validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { listOf, strings, text } from '../json.ts';
import type { Realm, Resource, StoreKey } from '../world.ts';

type Transition = 'launching' | 'terminating';

/** A hook's action while an instance waits in it. */
export interface LifecycleAction {
  readonly hook: string;
  readonly transition: Transition;
  readonly token: string;
  readonly started: number;
  readonly timeoutSeconds: number;
  readonly defaultResult: 'CONTINUE' | 'ABANDON';
  deadline: number;
}

export interface Instance {
  readonly id: string;
  readonly group: string;
  readonly zone: string;
  readonly type: string;
  readonly launched: number;
  state: 'Pending' | 'Pending:Wait' | 'InService' | 'Terminating' | 'Terminating:Wait' | 'Terminated';
  protectedFromScaleIn: boolean;
  actions: LifecycleAction[];
  /** A Spot notice: what happens to it, and when. */
  notice: { readonly action: 'terminate' | 'stop' | 'hibernate'; readonly time: number } | undefined;
}

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const HOOK = 'AWS::AutoScaling::LifecycleHook';
const MOST_HOURS = 48;
const MOST_HEARTBEATS = 100;

/** The instances of one account and Region, as far as the worker agent meets them. Nothing is launched by itself. */
export class Fleet {
  readonly #realm: Realm;
  readonly #instances = new Map<string, Instance>();

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  groups(): Resource[] {
    return this.#realm.ofType(GROUP);
  }

  needGroup(name: string): Resource {
    const found = this.#realm.find(GROUP, name);
    if (found === undefined)
      throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
    return found;
  }

  /** All that are not terminated, hooks that ran out settled. */
  instances(): Instance[] {
    for (const instance of this.#instances.values()) this.#settle(instance);
    return [...this.#instances.values()].filter(({ state }) => state !== 'Terminated');
  }

  find(id: string): Instance | undefined {
    const found = this.#instances.get(id);
    if (found !== undefined) this.#settle(found);
    return found;
  }

  /** Starts an instance of the group; it waits in the launching hooks, if there are any. */
  launch(groupName: string): Instance {
    const group = this.needGroup(groupName);
    const { ids, clock } = this.#realm.world;
    const zones = Math.max(1, strings(group.properties['VPCZoneIdentifier']).length);
    const instance: Instance = {
      id: `i-${ids.hex(17)}`,
      group: groupName,
      zone: `${this.#realm.region}${'abc'.charAt(this.#instances.size % Math.min(zones, 3))}`,
      type: 'm6g.large',
      launched: clock.now(),
      state: 'Pending',
      protectedFromScaleIn: text(group.properties['NewInstancesProtectedFromScaleIn']) === 'true',
      actions: [],
      notice: undefined,
    };
    this.#instances.set(instance.id, instance);
    this.#enter(instance, 'launching');
    return instance;
  }

  /** Scales this instance in, whoever decided it: it waits in the terminating hooks. */
  terminate(id: string): Instance {
    const instance = this.need(id);
    instance.actions = [];
    this.#enter(instance, 'terminating');
    return instance;
  }

  /** Gives the two minutes' notice. */
  interrupt(id: string, action: 'terminate' | 'stop' | 'hibernate', inSeconds = 120): Instance {
    const instance = this.need(id);
    instance.notice = { action, time: this.#realm.world.clock.now() + inSeconds * 1000 };
    return instance;
  }

  need(id: string): Instance {
    const found = this.find(id);
    if (found === undefined || found.state === 'Terminated')
      throw validationError(`Instance Id not found - No managed instance found for instance ID: ${id}`);
    return found;
  }

  /** The action that a call means, by token or by instance. */
  action(
    group: string,
    hook: string,
    at: { token?: string | undefined; instanceId?: string | undefined },
  ): { instance: Instance; action: LifecycleAction } {
    for (const instance of this.instances()) {
      if (instance.group !== group) continue;
      const action = instance.actions.find(
        (candidate) => candidate.hook === hook && (candidate.token === at.token || instance.id === at.instanceId),
      );
      if (action !== undefined) return { instance, action };
    }
    const which = at.instanceId === undefined ? `token ${at.token ?? ''}` : `instance ID ${at.instanceId}`;
    throw validationError(`No active Lifecycle Action found with ${which}`);
  }

  heartbeat(action: LifecycleAction): void {
    const most = Math.min(MOST_HOURS * 3600, MOST_HEARTBEATS * action.timeoutSeconds) * 1000;
    action.deadline = Math.min(this.#realm.world.clock.now() + action.timeoutSeconds * 1000, action.started + most);
  }

  complete(instance: Instance, action: LifecycleAction, result: 'CONTINUE' | 'ABANDON'): void {
    instance.actions = instance.actions.filter((other) => other !== action);
    const abandoned = result === 'ABANDON' && action.transition === 'launching';
    if (abandoned) this.terminate(instance.id);
    // Abandoning a termination only skips the hooks that are left.
    else if (result === 'ABANDON') instance.actions = [];
    if (instance.actions.length > 0 || abandoned) return;
    instance.state = action.transition === 'launching' ? 'InService' : 'Terminated';
  }

  #enter(instance: Instance, transition: Transition): void {
    const now = this.#realm.world.clock.now();
    const hooks = this.#hooks(instance.group, transition);
    instance.actions = hooks.map((hook): LifecycleAction => {
      const timeoutSeconds = Number(text(hook['HeartbeatTimeout']) ?? 3600);
      return {
        hook: text(hook['LifecycleHookName']) ?? '',
        transition,
        token: this.#realm.world.ids.uuid(),
        started: now,
        timeoutSeconds,
        defaultResult: text(hook['DefaultResult']) === 'CONTINUE' ? 'CONTINUE' : 'ABANDON',
        deadline: now + timeoutSeconds * 1000,
      };
    });
    const waits = instance.actions.length > 0;
    if (transition === 'launching') instance.state = waits ? 'Pending:Wait' : 'InService';
    else instance.state = waits ? 'Terminating:Wait' : 'Terminated';
  }

  /** Hooks of the group: resources of their own, and those within its properties. */
  #hooks(group: string, transition: Transition): JsonObject[] {
    const wanted =
      transition === 'launching' ? 'autoscaling:EC2_INSTANCE_LAUNCHING' : 'autoscaling:EC2_INSTANCE_TERMINATING';
    const own: JsonObject[] = this.#realm
      .ofType(HOOK)
      .filter(({ properties }) => properties['AutoScalingGroupName'] === group)
      .map(({ properties, physicalId }) => ({ ...properties, LifecycleHookName: physicalId }));
    const inside = listOf(this.needGroup(group).properties['LifecycleHookSpecificationList']) as readonly JsonObject[];
    return [...own, ...inside].filter((hook) => hook['LifecycleTransition'] === wanted);
  }

  #settle(instance: Instance): void {
    const now = this.#realm.world.clock.now();
    for (const action of [...instance.actions]) {
      if (action.deadline <= now && instance.actions.includes(action))
        this.complete(instance, action, action.defaultResult);
    }
  }
}

const KEY: StoreKey<Fleet> = { name: 'fleet', create: (realm) => new Fleet(realm) };

export function fleetOf(realm: Realm): Fleet {
  return realm.store(KEY);
}

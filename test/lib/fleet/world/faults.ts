import { type Api, CloudFault, type FleetCloud } from '../../../../lib/fleet/cloud.ts';
import type { FleetPorts } from '../../../../lib/fleet/ports.ts';
import type { Journal } from '../../../../lib/state/journal.ts';
import type { HeldLock } from '../../../../lib/state/lock.ts';

/** Faults of calls, by share: AWS throttles anyway, breaks before the effect, or after it. */
export interface CallFaults {
  readonly throttled: number;
  readonly before: number;
  readonly after: number;
}

const EFFECTS: Readonly<Partial<Record<keyof FleetCloud, Api>>> = {
  look: 'DescribeFleet',
  headroom: 'DescribeFleet',
  command: 'SendCommand',
  reboot: 'RebootInstances',
  replaceRootVolume: 'CreateReplaceRootVolumeTask',
  detach: 'DetachInstances',
  terminate: 'TerminateInstances',
  terminateInGroup: 'TerminateInstanceInAutoScalingGroup',
  suspend: 'SuspendProcesses',
  resume: 'ResumeProcesses',
};

type Call = (...given: unknown[]) => Promise<unknown>;

/** Calls `around` in place of each call of a port. */
function wrapped<T extends object>(
  port: T,
  around: (name: string, call: () => Promise<unknown>) => Promise<unknown>,
): T {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...given: unknown[]) => around(name, () => (member as Call).apply(target, given));
    },
  });
}

export function faulty(cloud: FleetCloud, { throttled, before, after }: CallFaults, random: () => number): FleetCloud {
  return wrapped(cloud, async (name, call) => {
    const api = EFFECTS[name as keyof FleetCloud];
    if (api === undefined) return await call();
    const dice = random();
    if (dice < throttled)
      throw new CloudFault({ kind: 'throttled', api, code: 'Throttling', message: 'Rate exceeded' });
    const broken = new CloudFault({
      kind: 'unknown',
      api,
      code: 'InternalError',
      message: 'An internal error has occurred',
    });
    if (dice < throttled + before) throw broken;
    const answer = await call();
    if (dice < throttled + before + after) throw broken;
    return answer;
  });
}

/** What a process that was killed throws at whatever it still tries: it has no effect any more. */
export class Killed extends Error {}

/** The ports of a process that is killed at its n-th call of cloud or journal: before the effect, or after it. */
export function mortal(ports: FleetPorts, at: number, when: 'before' | 'after'): FleetPorts {
  let calls = 0;
  let isDead = false;
  const around = async (_name: string, call: () => Promise<unknown>): Promise<unknown> => {
    if (isDead) throw new Killed();
    calls += 1;
    if (calls !== at) return await call();
    if (when === 'after') await call();
    isDead = true;
    throw new Killed();
  };
  const living = async (_name: string, call: () => Promise<unknown>): Promise<unknown> => {
    if (isDead) throw new Killed();
    return await call();
  };
  // Whoever was killed releases nothing.
  const locks = wrapped(ports.locks, async (name, call) => {
    const given = await living(name, call);
    return name === 'acquire' ? wrapped(given as HeldLock, living) : given;
  });
  return {
    ...ports,
    cloud: wrapped(ports.cloud, around),
    journal: wrapped<Journal>(ports.journal, around),
    locks,
  };
}

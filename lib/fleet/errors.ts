import { TandemError } from '../errors/tandem-error.ts';
import type { CloudFault } from './cloud.ts';
import type { Versions } from './view.ts';

interface SelectorFault {
  readonly text: string;
  /** From 0. */
  readonly position: number;
  /** What stands there; empty at the end. */
  readonly found: string;
  readonly expected: string;
  /** @default - nothing is near */
  readonly near?: string | undefined;
}

export function badSelector({ text, position, found, expected, near }: SelectorFault): TandemError {
  const there = found === '' ? 'it ends' : `"${found}" stands`;
  return new TandemError({
    code: 'bad-selector',
    message: `selector "${text}": ${there} at character ${position + 1}, where ${expected} is expected`,
    next:
      near === undefined ? 'write one like zone=a and age>30d, or state in (broken, lost)' : `did you mean ${near}?`,
    details: { text, position, expected },
  });
}

export function noSuchMachine(ids: readonly string[], fleet: string, near: string | undefined): TandemError {
  return new TandemError({
    code: 'no-such-machine',
    message: `${fleet} has no instance ${ids.join(', ')}`,
    next: near === undefined ? 'take ids of instances that the fleet has now' : `did you mean ${near}?`,
    details: { ids },
  });
}

/** @param instances of the whole fleet, chosen or not */
export function nothingChosen(fleet: string, current: number, instances: number): TandemError {
  return new TandemError({
    code: 'fleet-nothing-chosen',
    message:
      instances === 0
        ? `${fleet} has no instance`
        : current === 0
          ? `no machine of ${fleet} is chosen`
          : `nothing is to be done: all ${current} chosen machines of ${fleet} have the current template, image and program`,
    next:
      instances === 0
        ? 'nothing needs to be done; `tandem fleet scale` starts instances'
        : current === 0
          ? 'choose others with --where; `tandem fleet status` shows them'
          : 'nothing needs to be done',
    details: { fleet, current, instances },
  });
}

export function floorTooHigh(
  fleet: string,
  {
    floorPercent,
    budget,
  }: { readonly floorPercent: number; readonly budget: { readonly percent: number } | undefined },
  serving: number,
  desired: number,
): TandemError {
  const spend = budget === undefined ? '' : ` and a budget of ${budget.percent} percent`;
  return new TandemError({
    code: 'fleet-floor-too-high',
    message: `${serving} of ${desired} machines of ${fleet} are in service: with a floor of ${floorPercent} percent${spend}, none may be taken out`,
    next: 'give a lower --floor or a larger --budget, or wait until more machines are in service',
    details: { fleet, floorPercent, serving, desired },
  });
}

export function floorStops(fleet: string, machines: number, floorPercent: number, most: number): TandemError {
  return new TandemError({
    code: 'fleet-floor-stops',
    message: `${machines} machines of ${fleet} are chosen, but none comes back to take its turn: with a floor of ${floorPercent} percent, ${most} at a time may be out of service`,
    next: `choose fewer (--count ${most}), or give a lower --floor`,
    details: { fleet, machines, floorPercent, most },
  });
}

export function refreshUnderWay(fleet: string, refresh: string): TandemError {
  return new TandemError({
    code: 'fleet-refresh-under-way',
    message: `an instance refresh (${refresh}) of ${fleet} is under way: both would replace the same machines`,
    next: `wait until it has ended, or cancel it (\`aws autoscaling cancel-instance-refresh --auto-scaling-group-name ${fleet}\`)`,
    details: { fleet, refresh },
  });
}

export function fleetPaused(why: string, resume: string): TandemError {
  return new TandemError({
    code: 'fleet-paused',
    message: `paused: ${why}`,
    next: `find out why; then \`${resume}\` goes on with the machines that are left`,
    details: { why },
  });
}

export function fleetInterrupted(resume: string): TandemError {
  return new TandemError({
    code: 'fleet-interrupted',
    message: 'interrupted: nothing more is begun, and machines that were only draining work again',
    next: `run \`${resume}\` to go on`,
  });
}

export function fleetUnfinished(
  stack: string,
  open: { readonly id: string; readonly verb: string; readonly resume: string; readonly by: string },
): TandemError {
  return new TandemError({
    code: 'fleet-unfinished',
    message: `\`${open.verb}\` of ${open.by} on ${stack} is unfinished (operation ${open.id}): machines of it may be out of service`,
    next: `run \`${open.resume}\` first: it accounts for each of them`,
    details: { stack, operation: open.id },
  });
}

export function nothingUnfinished(stack: string): TandemError {
  return new TandemError({
    code: 'fleet-nothing-to-resume',
    message: `no operation on machines of ${stack} is unfinished`,
    next: 'nothing needs to be resumed; run the command without --resume',
    details: { stack },
  });
}

export function cloudSilent(why: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'fleet-unseen',
    message: `AWS does not answer for the fleet: ${why}`,
    next: 'check the network path to AWS and its status page',
    cause,
  });
}

/** What a look or a call met that nobody waits for, for whoever asked. */
export function faultMet(fault: CloudFault): TandemError {
  const { kind, api, code, message } = fault.facts;
  return kind === 'unauthorised'
    ? callUnauthorised(api, `${code}: ${message}`, fault)
    : cloudSilent(fault.message, fault);
}

export function callUnauthorised(api: string, why: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'fleet-forbidden',
    message: `AWS does not permit ${api}: ${why}`,
    next: 'give the role that deploys the missing permission, or renew the credentials',
    cause,
    details: { api },
  });
}

export function aboveMaximum(fleet: string, desired: number, maximum: number): TandemError {
  return new TandemError({
    code: 'fleet-above-maximum',
    message: `${fleet} may have at most ${maximum} machines, and AWS refuses a request of ${desired} as a whole: none would be launched`,
    next: `ask for ${maximum} or fewer, or raise cluster.capacity.maximum and run \`tandem deploy\``,
    details: { fleet, desired, maximum },
  });
}

export function belowMinimum(fleet: string, desired: number, minimum: number): TandemError {
  return new TandemError({
    code: 'fleet-below-minimum',
    message: `${fleet} has at least ${minimum} machines; ${desired} are fewer`,
    next: `ask for ${minimum} or more, or lower cluster.capacity.minimum and run \`tandem deploy\``,
    details: { fleet, desired, minimum },
  });
}

export function scaleShort(fleet: string, serving: number, desired: number, why: string | undefined): TandemError {
  return new TandemError({
    code: 'fleet-short',
    message: `${serving} of ${desired} machines of ${fleet} are in service${why === undefined ? '' : `; AWS says: ${why}`}`,
    next: 'Auto Scaling goes on trying; `tandem fleet status` shows how far it is',
    details: { fleet, serving, desired },
  });
}

const told = ({ template, image, program }: Versions): string =>
  `template ${template}, image ${image}${program === undefined ? '' : `, program ${program}`}`;

export function versionBroken(
  environment: string,
  versions: Versions,
  { operation, why, isOpen }: { readonly operation: string; readonly why: string; readonly isOpen: boolean },
): TandemError {
  const again = isOpen ? `; \`tandem fleet rollout ${environment} --resume\` tries this one again` : '';
  return new TandemError({
    code: 'fleet-version-broken',
    message: `${told(versions)} failed in the rollout ${operation}: ${why}`,
    next: `deploy another version first, and roll that out (--back, where it is an earlier one)${again}`,
    details: { environment, operation, ...versions },
  });
}

export function backNotDeployed(
  environment: string,
  current: Versions,
  {
    why,
    healthy,
    deploy,
  }: { readonly why: string; readonly healthy: readonly Versions[]; readonly deploy: string | undefined },
): TandemError {
  const [last] = healthy;
  const known =
    last === undefined ? 'none is known to have been healthy' : `the last that was healthy is ${told(last)}`;
  const how =
    deploy === undefined
      ? 'deploy the configuration that it came from'
      : `\`tandem revert ${deploy}\` opens the inverse of the last deploy`;
  return new TandemError({
    code: 'fleet-back-not-deployed',
    message: `new instances of ${environment} still get ${told(current)}, which failed: ${why}; ${known}`,
    next: `${how}; once \`tandem deploy aws/${environment}/cluster\` has applied it, run \`tandem fleet rollout ${environment} --back\``,
    details: { environment, current, healthy },
  });
}

export function noHealthyVersion(environment: string): TandemError {
  return new TandemError({
    code: 'fleet-no-healthy-version',
    message: `no version of ${environment} is known to have been healthy: the journal tells of no rollout that ended well, and no version serves on most instances`,
    next: `see what instances run with \`tandem fleet status ${environment}\`, and roll out what is deployed without --back: its canary judges it`,
    details: { environment },
  });
}

export function versionUnproven(environment: string, current: Versions, healthy: readonly Versions[]): TandemError {
  return new TandemError({
    code: 'fleet-version-unproven',
    message: `new instances of ${environment} get ${told(current)}, which was never seen to be healthy; what was is ${healthy.map(told).join('; ')}`,
    next: 'deploy one of these first, or roll out what is deployed without --back: its canary judges it',
    details: { environment, current, healthy },
  });
}

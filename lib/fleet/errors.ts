import { TandemError } from '../errors/tandem-error.ts';

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

export function nothingChosen(fleet: string, current: number): TandemError {
  return new TandemError({
    code: 'fleet-nothing-chosen',
    message:
      current === 0
        ? `no machine of ${fleet} is chosen`
        : `nothing is to be done: all ${current} chosen machines of ${fleet} have the current template, image and program`,
    next: current === 0 ? 'choose others with --where; `tandem fleet status` shows them' : 'nothing needs to be done',
    details: { fleet, current },
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

export function refreshUnderWay(fleet: string, refresh: string): TandemError {
  return new TandemError({
    code: 'fleet-refresh-under-way',
    message: `an instance refresh (${refresh}) of ${fleet} is under way: both would replace the same machines`,
    next: `wait until it has ended, or cancel it (\`aws autoscaling cancel-instance-refresh --auto-scaling-group-name ${fleet}\`)`,
    details: { fleet, refresh },
  });
}

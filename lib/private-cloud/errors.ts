import { TandemError } from '../errors/tandem-error.ts';
import { nearestOf } from '../text/nearest.ts';

export function noSuchCloud(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-cloud',
    message: `there is no cloud "${name}" in config/clouds/`,
    next: nextOf(known, nearestOf(name, known)),
    details: { name },
  });
}

function nextOf(known: readonly string[], near: string | undefined): string {
  if (known.length === 0) return 'write config/clouds/NAME.yaml';
  return `${near === undefined ? '' : `did you mean ${near}? `}clouds are ${known.join(', ')}`;
}

/** `--off` named nothing that can fail. */
export function noSuchPart(cloud: string, name: string, near: string | undefined): TandemError {
  return new TandemError({
    code: 'no-such-part',
    message: `cloud ${cloud} has no host, rack, plane, switch or power feed "${name}"`,
    next: near === undefined ? `name a part that config/clouds/${cloud}.yaml has` : `did you mean ${near}?`,
    details: { cloud, name },
  });
}

/** `--off` named several things at once. */
export function ambiguousPart(name: string, meanings: readonly string[]): TandemError {
  return new TandemError({
    code: 'ambiguous-part',
    message: `"${name}" is ambiguous: it may mean ${meanings.join(' or ')}`,
    next: `write ${meanings[0] ?? name}`,
    details: { name, meanings },
  });
}

import { TandemError } from '../errors/tandem-error.ts';

export function noSuchCloud(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-cloud',
    message: `there is no cloud "${name}" in config/clouds/`,
    next: known.length > 0 ? `clouds are ${known.join(', ')}` : 'write config/clouds/NAME.yaml',
    details: { name },
  });
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

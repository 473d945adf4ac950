import { TandemError } from '../errors/tandem-error.ts';

export function bootTokenTooLong(kind: string, length: number, most: number): TandemError {
  return new TandemError({
    code: 'boot-token-too-long',
    message: `a boot token (${kind}) has ${length} characters, and Nova keeps at most ${most}`,
    next: 'give the service a shorter URL in the bootSecrets of its cloud, such as one with a shorter host name',
  });
}

export function userDataTooLarge(tier: string, bytes: number, most: number, largest: string): TandemError {
  return new TandemError({
    code: 'user-data-too-large',
    message: `tier ${tier}: what brings its servers up takes ${bytes} bytes of user data, of ${most} at most; most of it is ${largest}`,
    next: 'let the tier run fewer components, or give the component fewer and shorter files',
    details: { tier, bytes, most, largest },
  });
}

export function tooMuchMetadata(tier: string, entries: number, most: number): TandemError {
  return new TandemError({
    code: 'too-much-metadata',
    message: `tier ${tier}: its servers would have ${entries} entries of metadata, of ${most} at most in Nova`,
    next: 'let its components know fewer tiers, or run fewer components on it',
    details: { tier, entries, most },
  });
}

export function metadataValueTooLong(key: string, length: number, most: number): TandemError {
  return new TandemError({
    code: 'metadata-value-too-long',
    message: `metadata ${key} has ${length} characters, of ${most} at most in Nova`,
    next: 'shorten the setting that it comes from',
    details: { key, length, most },
  });
}

export function fileNotPlain(component: string, path: string, why: string): TandemError {
  return new TandemError({
    code: 'component-file-not-plain',
    message: `component ${component}: ${path} ${why}`,
    next: 'write the file without it: what servers differ in stands in placeholders',
    details: { component, path },
  });
}

export function samePathTwice(tier: string, path: string, components: readonly string[]): TandemError {
  return new TandemError({
    code: 'same-file-twice',
    message: `tier ${tier}: ${components.join(' and ')} both write ${path}`,
    next: 'run them on tiers of their own',
    details: { tier, path, components },
  });
}

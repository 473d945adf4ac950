/**
 * Placeholders in a component's files, which `program.ts` fills in on the server from its metadata:
 *
 * - `@{address}`, `@{name}`, `@{index}`, `@{zone}`: of the server itself; its index in the tier, from 1; its availability zone.
 * - `@{value NAME}`: a value of the component.
 * - `@{secret NAME}`: a secret of the component.
 * - `@{peers|TIER|LIMIT|SEPARATOR|ITEM}`: the servers of a tier in order of their index, `*` for all, joined. ITEM has `{address}`, `{name}` and
 *   `{index}`. `@{others|…}`: without the server itself. `\n` in SEPARATOR and ITEM is a line's end and `\p` a `|`; neither may have `}` but in these.
 *
 * Written by the functions below. A text that is not one of them stays as it is.
 */
export const SELF = { address: '@{address}', name: '@{name}', index: '@{index}', zone: '@{zone}' } as const;

export function value(name: string): string {
  return `@{value ${name}}`;
}

export function secret(name: string): string {
  return `@{secret ${name}}`;
}

export interface PeersOptions {
  /** How many, from index 1. @default - all */
  readonly limit?: number;
  /** @default ',' */
  readonly separator?: string;
  /** With `{address}`, `{name}` and `{index}`. @default '{address}' */
  readonly item?: string;
  /** Without the server itself. @default false */
  readonly others?: boolean;
}

/** The servers of a tier, which `Component.peers` must name. */
export function peers(tier: string, options: PeersOptions = {}): string {
  const { limit, separator = ',', item = '{address}', others = false } = options;
  const escaped = (text: string) => text.replaceAll('\n', String.raw`\n`).replaceAll('|', String.raw`\p`);
  return `@{${others ? 'others' : 'peers'}|${tier}|${limit ?? '*'}|${escaped(separator)}|${escaped(item)}}`;
}

/** No text of a configuration has it. */
const BARE = '\uFDD0';

/** A placeholder that `jsonOf` writes without quotes around it: for a number, or a list. */
export function bare(placeholder: string): string {
  return `${BARE}${placeholder}${BARE}`;
}

/** A file of JSON. @param indent spaces of each level */
export function jsonOf(content: object, indent: number): string {
  const text = JSON.stringify(content, undefined, indent);
  const quoted = new RegExp(`"${BARE}(?:[^"\\\\]|\\\\.)*${BARE}"`, 'g');
  return `${text.replaceAll(quoted, (found) => String(JSON.parse(found)).slice(1, -1))}\n`;
}

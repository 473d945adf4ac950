import { METADATA_VALUE } from '../openstack/user-data.ts';
import { metadataValueTooLong, tooMuchMetadata } from './errors.ts';
import { inputsOf, knownTiers, type TierSoftware } from './tier-software.ts';

/** Nova's limit of the entries of a server's metadata, by default. */
const MAXIMUM_ENTRIES = 128;

/** Of an IPv4 address, in characters. What is an expression yet becomes one, so every address counts as the longest. */
export const ADDRESS_LENGTH = 15;

/** One server of a tier, and what it must know of the others. */
export interface ServerFacts {
  /** From 1. */
  readonly index: number;
  readonly name: string;
  /** Ids of volumes by their name in the blueprint, e.g. `data`; Terraform's expressions are fine. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Servers of every tier by their index; addresses may be Terraform's expressions. */
  readonly servers: Readonly<Record<string, readonly PeerServer[]>>;
}

export interface PeerServer {
  readonly name: string;
  readonly address: string;
}

/**
 * What a server asks its metadata for, beside who it is: `tier`, `index`, `<component>.<value>`, `peers.<tier>.<n>`, `volume.<name>`. It
 * changes in place, so that a new peer or another number makes no new server.
 * @throws TandemError `metadata-value-too-long`, `too-much-metadata`
 */
export function bringUpMetadata(software: TierSoftware, server: ServerFacts): Record<string, string> {
  const metadata: Record<string, string> = { tier: software.inputs.tier, index: String(server.index) };
  for (const { component, settings } of software.runs)
    for (const [name, value] of Object.entries(component.values(inputsOf(software, settings))))
      metadata[`${component.name}.${name}`] = String(value);
  for (const tier of knownTiers(software)) Object.assign(metadata, peersOf(tier, server.servers[tier] ?? []));
  for (const [name, id] of Object.entries(server.volumes)) metadata[`volume.${name}`] = id;
  for (const [key, value] of Object.entries(metadata))
    if (!key.startsWith('peers.') && value.length > METADATA_VALUE)
      throw metadataValueTooLong(key, value.length, METADATA_VALUE);
  const entries = Object.keys(metadata).length;
  if (entries > MAXIMUM_ENTRIES) throw tooMuchMetadata(software.inputs.tier, entries, MAXIMUM_ENTRIES);
  return metadata;
}

/** `name=address,…` in pieces that fit: `peers.web.0`, `peers.web.1`, … At least one, so that an empty tier is known as such. */
function peersOf(tier: string, servers: readonly PeerServer[]): Record<string, string> {
  const pieces = inPieces(servers, ({ name }) => name.length + 1 + ADDRESS_LENGTH);
  const text = (piece: readonly PeerServer[]) => piece.map(({ name, address }) => `${name}=${address}`).join(',');
  return Object.fromEntries(pieces.map((piece, index) => [`peers.${tier}.${index}`, text(piece)]));
}

/** Items in as few pieces as fit into values of metadata, in their order and each whole, with a character between two. At least one piece. */
export function inPieces<T>(items: readonly T[], lengthOf: (item: T) => number): readonly (readonly T[])[] {
  const pieces: T[][] = [[]];
  let length = 0;
  for (const item of items) {
    const more = lengthOf(item) + 1;
    if (length + more > METADATA_VALUE + 1) {
      pieces.push([]);
      length = 0;
    }
    pieces.at(-1)?.push(item);
    length += more;
  }
  return pieces;
}

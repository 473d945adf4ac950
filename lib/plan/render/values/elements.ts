import { isRecord } from '../../../text/json.ts';
import { textOf } from './readable.ts';

/** A rule of a security group in words: `tcp 80-443 with 10.0.0.0/8`; undefined for what is none. */
export function ruleText(value: unknown): string | undefined {
  const protocol = isRecord(value) ? textOf(value['IpProtocol']) : undefined;
  if (!isRecord(value) || protocol === undefined) return undefined;
  const [from, to] = [value['FromPort'], value['ToPort']].map((port) => textOf(port) ?? JSON.stringify(port ?? null));
  const ports = from === 'null' ? '' : from === to ? ` ${from ?? ''}` : ` ${from ?? ''}-${to ?? ''}`;
  const others = Object.entries(value).filter(
    ([key]) => !['IpProtocol', 'FromPort', 'ToPort', 'Description'].includes(key),
  );
  const peers = others.map(([, peer]) => textOf(peer) ?? JSON.stringify(peer));
  const name = protocol === '-1' ? 'everything' : protocol;
  return `${name}${ports}${peers.length > 0 ? ` with ${peers.join(', ')}` : ''}`;
}

/** A tag: `{"Key": "Owner", "Value": "anna"}`. */
export function isTag(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  const keys = Object.keys(value).map((key) => key.toLowerCase());
  return keys.length === 2 && keys.includes('value') && (keys.includes('key') || keys.includes('name'));
}

export const valueOf = (tag: Readonly<Record<string, unknown>>): unknown => tag['Value'] ?? tag['value'];

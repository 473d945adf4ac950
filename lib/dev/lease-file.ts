import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Document, isMap, parseDocument, Scalar } from 'yaml';
import type { Lease } from '../config/schema/lease.ts';

/** What `env create` writes; what is absent stays with its default, so that the file says only what somebody chose. */
export interface NewLease {
  readonly blueprint: string;
  readonly owner: string;
  readonly cloud?: string;
  readonly since: string;
  readonly until: string;
  readonly users?: readonly string[];
  readonly sshKeys?: readonly string[];
  readonly purpose?: string;
  readonly like?: Pick<Lease, 'parameters' | 'tiers' | 'autostop'>;
}

const SCHEMA_LINE = ' yaml-language-server: $schema=../../docs/reference/schema/lease.schema.json';

export function leaseFile(name: string): string {
  return `config/dev/${name}.yaml`;
}

/** Writes a lease into the working tree, or removes it. @param text undefined removes the file */
export function writeLeaseText(root: string, file: string, text: string | undefined): void {
  const path = join(root, file);
  if (text === undefined) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Text of a new lease, as a person would write it. */
export function writeLease(lease: NewLease): string {
  const { users = [], sshKeys = [], like, ...rest } = lease;
  const { parameters = {}, tiers = {}, autostop } = like ?? {};
  const isSaid = (value: object): boolean => Object.keys(value).length > 0;
  const document = new Document({
    blueprint: rest.blueprint,
    owner: rest.owner,
    ...(rest.cloud === undefined ? {} : { cloud: rest.cloud }),
    since: rest.since,
    until: rest.until,
    ...(users.length === 0 ? {} : { users }),
    ...(sshKeys.length === 0 ? {} : { sshKeys }),
    ...(isSaid(parameters) ? { parameters } : {}),
    ...(isSaid(tiers) ? { tiers } : {}),
    ...(rest.purpose === undefined ? {} : { purpose: rest.purpose }),
    ...(autostop === undefined ? {} : { autostop }),
  });
  // Directly above the first key: a blank line between would end what editors take for the header.
  return `#${SCHEMA_LINE}\n${document.toString({ lineWidth: 0 })}`;
}

/**
 * Sets one key and leaves every other byte of the file as it is: comments, order, quotes and spacing are somebody's.
 * `undefined` removes the key with its line.
 */
export function editLease(
  text: string,
  key: 'until' | 'state' | 'askedUntil' | 'grantedUntil' | 'approvedUpdate',
  value: string | undefined,
): string {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new TypeError('a lease is a map');
  const pair = document.contents.items.find((item) => item.key instanceof Scalar && item.key.value === key);
  const keyStart = rangeOf(pair?.key)?.[0];
  const valueRange = rangeOf(pair?.value);
  if (keyStart === undefined || valueRange === undefined) return value === undefined ? text : insert(text, key, value);
  if (value !== undefined) return `${text.slice(0, valueRange[0])}${value}${text.slice(valueRange[1])}`;
  const lineStart = text.lastIndexOf('\n', keyStart) + 1;
  const lineEnd = text.indexOf('\n', valueRange[1]);
  return `${text.slice(0, lineStart)}${lineEnd < 0 ? '' : text.slice(lineEnd + 1)}`;
}

/** Other values of the blueprint's parameters; the rest of the file keeps its order, comments and quotes. */
export function setParameters(text: string, values: Readonly<Record<string, string | number | boolean>>): string {
  const document = parseDocument(text);
  for (const [name, value] of Object.entries(values)) document.setIn(['parameters', name], value);
  return document.toString({ lineWidth: 0 });
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return node instanceof Scalar ? (node.range ?? undefined) : undefined;
}

/** After `until`, where there is one: what belongs together stands together. */
function insert(text: string, key: string, value: string): string {
  const end = text.includes('\r\n') ? '\r' : '';
  const lines = text.split('\n');
  const after = lines.findIndex((line) => line.startsWith('until:'));
  const at = after < 0 ? lines.findLastIndex((line) => line.trim() !== '') : after;
  lines.splice(at + 1, 0, `${key}: ${value}${end}`);
  return lines.join('\n');
}

import { isRecord } from '../../../text/json.ts';
import { firstOf } from '../../../text/listed.ts';
import { textOf } from './readable.ts';

const KINDS: Readonly<Record<string, string>> = {
  Action: 'action',
  NotAction: 'every action but',
  Resource: 'resource',
  NotResource: 'every resource but',
  Principal: 'principal',
  NotPrincipal: 'everybody but',
  Condition: 'only if',
};

/** What a statement says, each thing by itself, in any order: `action s3:GetObject`, `principal Service ec2.amazonaws.com`. */
export function factsOf(statement: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(statement).flatMap(([key, value]) =>
    key === 'Sid' ? [] : leavesOf(value).map((text) => `${KINDS[key] ?? key.toLowerCase()} ${text}`),
  );
}

/** Its Sid, or what it is about: `statement "Read"`, `Allow s3:GetObject and 2 more`. */
export function nameOf(statement: Readonly<Record<string, unknown>>): string {
  if (typeof statement['Sid'] === 'string' && statement['Sid'] !== '') return `statement "${statement['Sid']}"`;
  return `${String(statement['Effect'])} ${firstOf(leavesOf(statement['Action'] ?? statement['NotAction']), 1)}`;
}

/** A whole statement in a line. */
export function sentenceOf(statement: Readonly<Record<string, unknown>>): string {
  const list = (key: string): string => leavesOf(statement[key]).join(', ');
  const parts = [
    `${String(statement['Effect'])} ${list('Action') || `everything but ${list('NotAction')}`}`,
    statement['NotResource'] === undefined ? list('Resource') : `everything but ${list('NotResource')}`,
    list('Principal'),
    list('Condition'),
  ];
  const [what = '', on = '', to = '', when = ''] = parts;
  const sid = typeof statement['Sid'] === 'string' && statement['Sid'] !== '' ? `"${statement['Sid']}": ` : '';
  return `${sid}${what}${on === '' ? '' : ` on ${on}`}${to === '' ? '' : ` to ${to}`}${when === '' ? '' : ` if ${when}`}`;
}

/** Leaves with the keys above them: `StringEquals aws:SourceAccount 111122223333`. */
function leavesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const text = textOf(value);
  if (text !== undefined) return [text];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (!isRecord(value)) return [JSON.stringify(value)];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner).map((leaf) => `${key} ${leaf}`));
}

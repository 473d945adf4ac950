import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as quotas from '@aws-sdk/client-service-quotas';
import * as ssm from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../../lab/aws/api/models.ts';
import { OPERATIONS } from '../../../lab/aws/api/operations.ts';
import type { ApiModel } from '../../../lab/aws/api/shapes.ts';

/** A schema of the SDK: kind, namespace, name, traits, and what the kind has. */
type Schema = readonly [kind: number, namespace: string, name: string, traits: unknown, ...rest: unknown[]];

const CLIENTS: Readonly<Record<keyof typeof MODELS, object>> = {
  ...{ autoscaling, cloudwatch, ec2, iam, secretsmanager, ssm },
  'service-quotas': quotas,
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const schemaOf = (value: unknown): unknown => (typeof value === 'function' ? (value as () => unknown)() : value);

/** `Shape.Member takes gives` of every structure that is reached, as the SDK writes and reads it. */
function namesInSdk(schema: unknown, found = new Map<string, string>(), seen = new Set<unknown>()) {
  const resolved = schemaOf(schema);
  if (!Array.isArray(resolved) || seen.has(resolved)) return found;
  seen.add(resolved);
  // Two elements are a schema with traits of its member.
  if (resolved.length === 2) return namesInSdk(resolved[0], found, seen);
  const [kind, namespace, name, , ...rest] = resolved as unknown as Schema;
  if (kind === 1 || kind === 2) for (const inner of rest) namesInSdk(inner, found, seen);
  // A structure, or one of which a single member is set.
  if (kind !== 3 && kind !== 4) return found;
  const isEc2 = namespace === 'com.amazonaws.ec2';
  const [members, schemas] = rest as [string[], unknown[]];
  members.forEach((member, index) => {
    const own = schemas[index];
    const traits: unknown = Array.isArray(own) && own.length === 2 ? own[1] : {};
    const { ec2QueryName, xmlName } = (typeof traits === 'object' ? traits : {}) as Record<string, string | undefined>;
    const takes = ec2QueryName ?? (isEc2 ? capital(xmlName ?? member) : (xmlName ?? member));
    found.set(`${name}.${member}`, `${takes} ${xmlName ?? member}`);
    namesInSdk(own, found, seen);
  });
  return found;
}

function namesInLab({ operations, shapes }: ApiModel, call: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string | undefined, seen: Set<string>): void => {
    const shape = shapes[name ?? ''];
    if (name === undefined || shape === undefined || seen.has(name)) return;
    seen.add(name);
    for (const inner of [shape.of, shape.value]) visit(inner, seen);
    for (const [member, { shape: inner, takes, gives }] of Object.entries(shape.members ?? {})) {
      found.set(member, `${takes ?? member} ${gives ?? member}`);
      visit(inner, seen);
    }
  };
  visit(operations[call]?.takes, new Set());
  visit(operations[call]?.gives, new Set());
  return found;
}

/** The endpoint's shapes come from botocore's models; the SDK was generated from Smithy's: two of AWS's own sources that must agree. */
describe.each(Object.keys(CLIENTS) as (keyof typeof MODELS)[])('shapes of %s', (service) => {
  it.each(OPERATIONS[service] ?? [])('%s has the names that the SDK reads and writes', (call) => {
    const [, , , , takes, gives] = (CLIENTS[service] as Record<string, Schema>)[`${call}$`]!;
    const known = new Set([...namesInSdk(takes).values(), ...namesInSdk(gives).values()]);
    const ours = [...namesInLab(MODELS[service], call).values()];
    expect(ours.filter((name) => !known.has(name))).toEqual([]);
  });
});

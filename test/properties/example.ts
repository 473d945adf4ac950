import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { directoryFiles } from '../../lib/config/files.ts';
import { awsPricesSchema } from '../../lib/config/schema/aws-prices.ts';
import { blueprintSchema } from '../../lib/config/schema/blueprint.ts';
import { cloudSchema } from '../../lib/config/schema/cloud.ts';
import { environmentSchema } from '../../lib/config/schema/environment.ts';
import { leaseSchema } from '../../lib/config/schema/lease.ts';
import { organisationSchema } from '../../lib/config/schema/organisation.ts';
import { pricesSchema } from '../../lib/config/schema/prices.ts';
import { BARE } from '../bare.ts';

type Content = Record<string, unknown>;

const shipped = directoryFiles(join(import.meta.dirname, '../..'));
const decoder = new TextDecoder();

/** The shipped configuration, and in one file of each kind every field that takes text. */
export function examples(): Record<string, Content> {
  const files: Record<string, Content> = {};
  for (const [file, text] of Object.entries(BARE)) files[file] = parse(text) as Content;
  for (const folder of ['clouds', 'environments', 'blueprints', 'dev', 'prices'])
    for (const name of shipped.list(`config/${folder}`))
      files[`config/${folder}/${name}`] = read(`config/${folder}/${name}`);
  files['config/tandem.yaml'] = read('config/tandem.yaml');
  files['config/environments/prod.yaml'] = merge(
    files['config/environments/base.yaml'],
    files['config/environments/prod.yaml'],
  ) as Content;
  for (const [file, more] of Object.entries(MORE)) files[file] = merge(files[file], more) as Content;
  return files;
}

/** The file of each kind that has all fields, and its schema. */
export const KINDS: readonly { readonly file: string; readonly schema: z.ZodType }[] = [
  { file: 'config/tandem.yaml', schema: organisationSchema },
  { file: 'config/clouds/paris.yaml', schema: cloudSchema },
  { file: 'config/environments/prod.yaml', schema: environmentSchema },
  { file: 'config/blueprints/bare.yaml', schema: blueprintSchema },
  { file: 'config/dev/anna.yaml', schema: leaseSchema },
  { file: 'config/prices/paris.yaml', schema: pricesSchema },
  { file: 'config/prices/aws.yaml', schema: awsPricesSchema },
];

/** What no shipped file says. */
const MORE: Readonly<Record<string, unknown>> = {
  'config/clouds/paris.yaml': {
    images: { local: { file: 'images/local.qcow2' } },
    open: { 'tenants.later.cidr': 'which range is free?' },
    hosts: { 'control-a': { names: ['control01'] } },
    kolla: {
      globals: { motd: 'hello', meant: { expression: '1' }, deep: { in: { in: { in: { text: 'hello' } } } } },
      backup: {
        destination: '/srv/backups',
        recipients: ['age1qvylp9e8muut7d90tzjxw0ttyddhzyc0na0luscsc7ved39ymq0qx8ktpn'],
        fullAt: '02:30',
      },
      inventory: {
        groups: {
          'octavia-worker': {
            hosts: ['control01'],
            children: ['control'],
            variables: { level: 'high', known: { expression: '1' } },
          },
        },
        hosts: { control01: { level: 'low', known: { expression: '1' } } },
      },
    },
  },
  'config/blueprints/app.yaml': {
    description: 'A part',
    parameters: { kind: { description: 'Its kind', type: 'text', default: 'a' } },
    tiers: { app: { image: 'debian-12', flavor: 'small' } },
  },
  'config/blueprints/bare.yaml': {
    parameters: { kind: { description: 'Its kind', type: 'text', default: 'a', choices: ['a'] } },
    parts: { other: { blueprint: 'app', parameters: { kind: 'a' } } },
  },
  'config/dev/anna.yaml': { blueprint: 'bare', parameters: { kind: 'a' } },
  'config/environments/prod.yaml': {
    tags: { team: 'search' },
    after: { check: ['./check.sh'] },
    cluster: {
      worker: {
        command: [],
        program: { archive: { path: 'programs/words', version: '1', sha256: 'a'.repeat(64) }, command: ['bin/words'] },
      },
      iam: {
        statements: [
          {
            actions: ['s3:GetObject'],
            resources: ['arn:aws:s3:::models/*'],
            conditions: { StringEquals: { 's3:prefix': 'models', 'aws:PrincipalTag/team': ['search'] } },
          },
        ],
        managedPolicies: ['arn:aws:iam::111122223333:policy/models'],
      },
    },
  },
};

function read(file: string): Content {
  return parse(decoder.decode(shipped.read(file))) as Content;
}

function merge(value: unknown, more: unknown): unknown {
  if (typeof more !== 'object' || more === null || Array.isArray(more)) return more;
  const own = (value ?? {}) as Content;
  return { ...own, ...Object.fromEntries(Object.entries(more).map(([key, inner]) => [key, merge(own[key], inner)])) };
}

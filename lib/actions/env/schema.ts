import { z } from 'zod';
import { EFFECTS } from '../../dev/update/effects.ts';
import { RESOURCE_KINDS } from '../../openstack-api/resource-kinds.ts';

const changeFields = { changes: z.int().min(0), pullRequest: z.string().nullable() };

/** `env create` */
export const createdSchema = z.strictObject({
  format: z.literal('tandem.env-create/1'),
  name: z.string(),
  stack: z.string(),
  owner: z.string(),
  until: z.string(),
  projectId: z.string(),
  endpoints: z.record(z.string(), z.string()),
  ssh: z.string().nullable(),
  hasKeys: z.boolean(),
  credentials: z.strictObject({
    file: z.string(),
    entry: z.string(),
    issued: z.boolean(),
    until: z.string().nullable(),
  }),
  ...changeFields,
});

/** `env credentials` */
export const credentialsSchema = z.strictObject({
  format: z.literal('tandem.env-credentials/1'),
  name: z.string(),
  file: z.string(),
  entry: z.string(),
  issued: z.boolean(),
  until: z.string().nullable(),
});

/** `env extend`, `env freeze`, `env thaw`, `env rebuild` */
export const changedSchema = z.strictObject({
  format: z.literal('tandem.env-change/1'),
  name: z.string(),
  stack: z.string(),
  state: z.enum(['active', 'frozen']),
  until: z.string(),
  asked: z.string().nullable(),
  ...changeFields,
});

const server = z.strictObject({
  tier: z.string(),
  index: z.int(),
  effect: z.enum(EFFECTS),
  because: z.array(z.string()),
});

/** `env update` */
export const updatedSchema = z.strictObject({
  format: z.literal('tandem.env-update/1'),
  dryRun: z.boolean(),
  leases: z.array(
    z.strictObject({
      name: z.string(),
      stack: z.string(),
      owner: z.string(),
      /** What became of it, or how it stands after a dry run. */
      standing: z.enum(['changes', 'approved', 'current', 'updated', 'waits', 'frozen', 'unmade', 'unfinished']),
      /** 12 hex digits: what an approval names. */
      version: z.string(),
      /** Servers that the update touches. */
      servers: z.array(server),
      /** Changes of all else. */
      others: z.int().min(0),
      /** Changes that were made on the cloud. */
      changes: z.int().min(0),
    }),
  ),
  /** Of a roll-out, in its order: who was still to be updated when it began. */
  waves: z.array(z.strictObject({ share: z.string(), names: z.array(z.string()) })),
  /** Of one lease: which servers go down after one another. */
  rounds: z.array(z.array(z.string())),
  /** How to bring an approval to a protected branch; null where it is there. */
  pullRequest: z.string().nullable(),
});

const thing = z.strictObject({
  kind: z.enum(RESOURCE_KINDS),
  id: z.string(),
  name: z.string(),
  projectId: z.string(),
  sizeGiB: z.number(),
});

/** `env destroy` */
export const destroyedSchema = z.strictObject({
  format: z.literal('tandem.env-destroy/1'),
  name: z.string(),
  stack: z.string(),
  swept: z.array(thing),
  orphaned: z.strictObject({ project: z.string(), projectId: z.string(), things: z.array(thing) }).nullable(),
  pullRequest: z.string().nullable(),
});

const row = {
  name: z.string(),
  cloud: z.string(),
  blueprint: z.string().nullable(),
  owner: z.string(),
  ageDays: z.int().min(0).nullable(),
  until: z.string(),
  ends: z.string(),
  expired: z.boolean(),
  protected: z.boolean(),
  monthlyCost: z.number().nullable(),
  state: z.enum(['active', 'frozen', 'pending', 'unfinished', 'expired']),
  behind: z.boolean(),
  drift: z.int().nullable(),
  asked: z.strictObject({ until: z.string(), by: z.string().nullable() }).nullable(),
  spent: z.strictObject({ from: z.string(), to: z.string(), amount: z.number(), estimate: z.number() }).nullable(),
};

/** `env list` */
export const environmentsSchema = z.strictObject({
  format: z.literal('tandem.environments/1'),
  currency: z.string(),
  environments: z.array(z.strictObject(row)),
});

const serverState = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  task: z.string(),
  zone: z.string(),
  host: z.string(),
  fault: z.string(),
  certificatesUntil: z.string().optional(),
});
const balancer = z.strictObject({ id: z.string(), name: z.string(), provisioning: z.string(), operating: z.string() });

/** `env show` */
export const environmentSchema = z.strictObject({
  format: z.literal('tandem.environment/1'),
  currency: z.string(),
  ...row,
  stack: z.string(),
  file: z.string(),
  since: z.string(),
  purpose: z.string().nullable(),
  users: z.array(z.string()),
  access: z
    .strictObject({
      projectId: z.string(),
      endpoints: z.record(z.string(), z.string()),
      ssh: z.string().optional(),
    })
    .nullable(),
  health: z.strictObject({ servers: z.array(serverState), balancers: z.array(balancer) }).nullable(),
  hasKeys: z.boolean(),
  drifted: z.array(z.string()),
  unmanaged: z.array(z.string()),
  applied: z.strictObject({ at: z.string(), by: z.string(), commit: z.string() }).nullable(),
});

/** `env reap` */
export const reapSchema = z.strictObject({
  format: z.literal('tandem.env-reap/1'),
  executed: z.boolean(),
  actions: z.array(
    z.strictObject({
      name: z.string(),
      owner: z.string(),
      action: z.enum(['nothing', 'warn', 'stop', 'wait', 'delete', 'spare']),
      reason: z.string(),
      threshold: z.number().optional(),
    }),
  ),
  /** Messages of what failed; the other leases were worked on all the same. */
  failures: z.array(z.string()),
});

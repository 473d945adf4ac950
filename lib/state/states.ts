import { z } from 'zod';
import type { StackId } from '../stack/id.ts';
import { jsonIn } from '../text/json.ts';
import { stateDiverged, stateMoved } from './errors.ts';
import type { Sealer } from './sealer.ts';

/** Where a back end keeps a stack's state, as text. Adapters: `.tandem/state`, the schema of Terraform's `pg` back end, an object in S3. */
export interface RawStates {
  /** As the `backend` block of a Terraform root names it: `local`, `pg`, `s3`. */
  readonly backend: string;
  read(stack: StackId): Promise<string | undefined>;
  /**
   * Puts `after` where exactly `before` is, undefined being nothing; false where something else is by now.
   * @throws TandemError `state-in-use` while a Terraform holds its own lock on it
   */
  replace(stack: StackId, before: string | undefined, after: string): Promise<boolean>;
  /**
   * Removes the lock that a Terraform which was killed left behind, and gives what it says; undefined where there is none. Only for a
   * back end whose locks outlive their holder: the caller has made sure that the holder has ended.
   */
  breakLock(stack: StackId): Promise<string | undefined>;
}

/** What Terraform keeps of each stack, to look at, to copy and to put back. */
export interface States extends Pick<RawStates, 'backend' | 'breakLock'> {
  /** Whether states are kept encrypted: Terraform cannot read them where they are, and works on a copy. */
  readonly isSealed: boolean;
  /** In clear; undefined where nothing was ever applied. Holds secrets. */
  read(stack: StackId): Promise<string | undefined>;
  /**
   * Puts a state in place of the one that is there, which must be an older one of the same lineage.
   * @param force replaces whatever is there, which the caller has kept
   * @throws TandemError `state-diverged`, `state-in-use`
   */
  write(stack: StackId, text: string, force?: boolean): Promise<void>;
  /** Encrypts what is there to the present recipients, or leaves it in clear where there are none. False where there is no state. */
  reseal(stack: StackId): Promise<boolean>;
}

/** States with their encryption, wherever they are. */
export function sealedStates(raw: RawStates, sealer: Sealer): States {
  const replace = async (stack: StackId, before: string | undefined, text: string): Promise<void> => {
    if (!(await raw.replace(stack, before, await sealer.seal(text)))) throw stateMoved(stack);
  };
  return {
    backend: raw.backend,
    isSealed: sealer.isActive,
    breakLock: (stack) => raw.breakLock(stack),
    async read(stack) {
      const text = await raw.read(stack);
      return text === undefined ? undefined : await sealer.open(text);
    },
    async write(stack, text, force = false) {
      const there = await raw.read(stack);
      const open = there === undefined ? undefined : await sealer.open(there);
      if (open === text) return;
      const [old, now] = [stateFacts(open), stateFacts(text)];
      const follows = old === undefined || (old.lineage === now?.lineage && old.serial < now.serial);
      if (!force && !follows) throw stateDiverged(stack, old, now);
      await replace(stack, there, text);
    },
    async reseal(stack) {
      const there = await raw.read(stack);
      if (there === undefined) return false;
      await replace(stack, there, await sealer.open(there));
      return true;
    },
  };
}

/** What tells one state from another. */
export interface StateFacts {
  /** Terraform's own id of a state, made when it is first written to its back end; empty before. */
  readonly lineage: string;
  /** Grows with each version. */
  readonly serial: number;
  /** Addresses of managed resources, one an instance. */
  readonly addresses: readonly string[];
}

const resourceSchema = z.looseObject({
  module: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  instances: z.array(
    z.looseObject({
      index_key: z.union([z.string(), z.number()]).optional(),
      attributes: z.record(z.string(), z.unknown()).catch({}),
    }),
  ),
});

/** Terraform's state, format 4, with all that is in it. */
export const stateSchema = z.looseObject({
  version: z.literal(4),
  lineage: z.string(),
  serial: z.int(),
  resources: z.array(resourceSchema).default([]),
});

export type StateResource = z.output<typeof resourceSchema>;

/** Address of an instance, as Terraform writes it: `module.a.openstack_compute_instance_v2.web["x"]`. */
export function addressOf({ module, type, name }: StateResource, key: string | number | undefined): string {
  const address = `${module === undefined ? '' : `${module}.`}${type}.${name}`;
  return key === undefined ? address : `${address}[${JSON.stringify(key)}]`;
}

/** What a state (format 4) says of itself; undefined where there is none, or it is no state. Pure. */
export function stateFacts(text: string | null | undefined): StateFacts | undefined {
  const { data } = stateSchema.safeParse(jsonIn(text ?? ''));
  if (data === undefined) return undefined;
  const { lineage, serial, resources } = data;
  const managed = resources.filter(({ mode }) => mode === 'managed');
  const addresses = managed.flatMap((each) => each.instances.map(({ index_key: key }) => addressOf(each, key)));
  return { lineage, serial, addresses };
}

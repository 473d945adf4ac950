import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { type StackId, stackIdSchema } from '../stack/id.ts';
import { digestOf } from '../stack/synthesized.ts';
import { jsonIn } from '../text/json.ts';
import { recordSchema } from './record.ts';
import type { Sealer } from './sealer.ts';
import { stateFacts } from './states.ts';

/** What is kept of a stack at one moment. Holds secrets. */
export interface Snapshot {
  /** Terraform's state, in clear; null for a stack without one. */
  readonly state: string | null;
  /** What was last applied; null where nothing was. */
  readonly record: z.output<typeof recordSchema> | null;
}

const infoSchema = z.strictObject({
  format: z.literal('tandem.state-version/1'),
  /** Sorts by time: `20261128T055004123-9f3a1c7e`. */
  id: z.string(),
  stack: stackIdSchema,
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Who worked on the stack, as `user@host`. */
  by: z.string(),
  operation: z.string(),
  /** `before apply`, `after apply`, `before restore` and so on. */
  moment: z.string(),
  /** Digest of state and record. */
  digest: z.string(),
  /** Terraform's id of the state; empty where there is none. */
  lineage: z.string(),
  serial: z.int(),
  /** Managed resources in the state. */
  resources: z.int(),
  /** Commit of the record; empty where there is none. */
  commit: z.string(),
});

/** What a version says of itself; no secret. */
export type VersionInfo = z.output<typeof infoSchema>;

/** `content` is the snapshot as JSON, compressed, in Base64, encrypted where the organisation names recipients. */
const versionSchema = infoSchema.extend({ content: z.string() });
const snapshotSchema = z.strictObject({ state: z.string().nullable(), record: recordSchema.nullable() });

export type VersionNote = Pick<VersionInfo, 'by' | 'operation' | 'moment'> & {
  readonly at: Date;
  /** It is all that tells of what was left behind in another place: kept for ever. @default false */
  readonly isLeft?: boolean;
};

/** Earlier states and records of each stack. */
export interface Versions {
  /** Keeps a snapshot, unless it is what the newest version holds; removes what is both old and one of many. */
  keep(stack: StackId, snapshot: Snapshot, note: VersionNote): Promise<VersionInfo>;
  /** Newest first. One that cannot be read is left out. */
  list(stack: StackId): Promise<readonly VersionInfo[]>;
  newest(stack: StackId): Promise<VersionInfo | undefined>;
  /** What was left behind in other places, of every stack. */
  left(): Promise<readonly VersionInfo[]>;
  /** Makes what tells of something left behind a version like any other, which goes when it is old. False where there is none of that id. */
  settle(stack: StackId, id: string): Promise<boolean>;
  read(stack: StackId, id: string): Promise<Snapshot | undefined>;
  /** Stacks that have versions. */
  stacks(): Promise<readonly StackId[]>;
  /** Encrypts all versions of a stack to the present recipients. Gives how many. */
  reseal(stack: StackId): Promise<number>;
}

/** Texts by stack and id. Adapters: `.tandem/state-versions`, a table, objects of a bucket. */
export interface RawVersions {
  put(stack: StackId, id: string, text: string): Promise<void>;
  get(stack: StackId, id: string): Promise<string | undefined>;
  /** Sorted, oldest first. */
  ids(stack: StackId): Promise<readonly string[]>;
  remove(stack: StackId, id: string): Promise<void>;
  stacks(): Promise<readonly StackId[]>;
}

/** Versions are removed when they are neither among so many newest ones nor younger than so many days. */
const NEWEST_KEPT = 50;
const DAYS_KEPT = 90;
/** How the id of a version ends that is kept for ever. */
const LEFT = '-left';

export function sealedVersions(raw: RawVersions, sealer: Sealer): Versions {
  const whole = async (stack: StackId, id: string) => versionSchema.safeParse(jsonIn(await raw.get(stack, id))).data;
  const info = async (stack: StackId, id: string): Promise<VersionInfo | undefined> => {
    const found = await whole(stack, id);
    if (found === undefined) return undefined;
    const { content: _content, ...rest } = found;
    return rest;
  };
  const newest = async (stack: StackId): Promise<VersionInfo | undefined> => {
    for (const id of (await raw.ids(stack)).toReversed()) {
      const found = await info(stack, id);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    newest,
    async keep(stack, snapshot, { at, isLeft = false, ...note }) {
      const digest = digestOf(JSON.stringify([snapshot.state, snapshot.record]));
      const last = await newest(stack);
      if (last?.digest === digest && (!isLeft || last.id.endsWith(LEFT))) return last;
      const { lineage = '', serial = 0, addresses = [] } = stateFacts(snapshot.state) ?? {};
      const made: VersionInfo = {
        ...{
          format: 'tandem.state-version/1',
          id: `${versionId(at, digest)}${isLeft ? LEFT : ''}`,
          stack,
          at: at.toISOString(),
          ...note,
          digest,
        },
        ...{ lineage, serial, resources: addresses.length, commit: snapshot.record?.commit ?? '' },
      };
      const packed = gzipSync(JSON.stringify(snapshot)).toString('base64');
      await raw.put(stack, made.id, JSON.stringify({ ...made, content: await sealer.seal(packed) }));
      for (const old of outdated(await raw.ids(stack), at)) await raw.remove(stack, old);
      return made;
    },
    async list(stack) {
      const found = await Promise.all((await raw.ids(stack)).map((id) => info(stack, id)));
      return found.flatMap((each) => each ?? []).reverse();
    },
    async read(stack, id) {
      const found = await whole(stack, id);
      if (found === undefined) return undefined;
      const packed = await sealer.open(found.content);
      return snapshotSchema.parse(JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')));
    },
    async left() {
      const found = (await raw.stacks()).map(async (stack) => {
        const ids = (await raw.ids(stack)).filter((id) => id.endsWith(LEFT));
        return await Promise.all(ids.map((id) => info(stack, id)));
      });
      return (await Promise.all(found)).flat().flatMap((each) => each ?? []);
    },
    async settle(stack, id) {
      const found = id.endsWith(LEFT) ? await whole(stack, id) : undefined;
      if (found === undefined) return false;
      const plain = id.slice(0, -LEFT.length);
      await raw.put(stack, plain, JSON.stringify({ ...found, id: plain }));
      await raw.remove(stack, id);
      return true;
    },
    stacks: () => raw.stacks(),
    async reseal(stack) {
      let count = 0;
      for (const id of await raw.ids(stack)) {
        const found = await whole(stack, id);
        if (found === undefined) continue;
        const content = await sealer.seal(await sealer.open(found.content));
        await raw.put(stack, id, JSON.stringify({ ...found, content }));
        count += 1;
      }
      return count;
    },
  };
}

function versionId(at: Date, digest: string): string {
  return `${at.toISOString().replace(/[-:.Z]/g, '')}-${digest.slice('sha256:'.length, 'sha256:'.length + 8)}`;
}

/** Ids, oldest first, that need not be kept any longer. Pure. */
function outdated(ids: readonly string[], now: Date): readonly string[] {
  const limit = versionId(new Date(now.getTime() - DAYS_KEPT * 86_400_000), '');
  return ids.slice(0, -NEWEST_KEPT).filter((id) => id < limit && !id.endsWith(LEFT));
}

import { z } from 'zod';
import type { OpenStackClient } from '../../openstack-api/client.ts';
import { statusOf } from '../../openstack-api/errors.ts';
import { artefactName } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { boundedName } from '../../text/bounded-name.ts';
import type { Engine } from '../engine.ts';
import { foundMark, givesWay, type Mark, type OwnMark, ownMarkSchema, unmarked } from '../lineage.ts';
import { findLeftovers, listingOf } from './adopt/find-leftovers.ts';
import { isOwned } from './adopt/ownership.ts';
import type { ResourceChange } from './plan-schema.ts';

/** The cloud that a stack is in. */
export interface MarkedCloud {
  readonly name: string;
  /** Domain of Keystone with the projects of environments. */
  readonly domain: string;
  readonly client: OpenStackClient;
}

/**
 * An attribute that Keystone keeps with a project and that Terraform's provider neither reads nor writes: it is no drift, and in no
 * artefact.
 */
const ATTRIBUTE = 'tandem_lineage';
/** Keystone's longest name of a project. */
const LONGEST = 64;

const projectSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()).default([]),
  [ATTRIBUTE]: ownMarkSchema.optional().catch(undefined),
});
type KeystoneProject = z.output<typeof projectSchema>;

/**
 * Marks of stacks in OpenStack. A stack with a project of its own, a dev environment, carries the mark there. What has none, and what is
 * being made for the first time, is marked by a disabled project that holds nothing: Keystone makes a name once in a domain, so of two
 * who begin at the same time one is refused.
 */
export function openStackMarks(
  cloudOf: (stack: SynthesizedStack) => MarkedCloud | undefined,
): Required<Pick<Engine, 'lineageOf' | 'mark' | 'unmark'>> {
  return {
    async lineageOf(stack, signal) {
      const cloud = cloudOf(stack);
      return cloud === undefined ? undefined : await read(await open(cloud, signal), stack);
    },
    async mark(stack, own, { signal, instead }) {
      const cloud = cloudOf(stack);
      return cloud === undefined ? undefined : await write(await open(cloud, signal), stack, own, instead);
    },
    async unmark(stack, signal) {
      const cloud = cloudOf(stack);
      if (cloud === undefined) return;
      const at = await open(cloud, signal);
      const holder = await at.find(holderName(stack));
      if (holder !== undefined) await at.remove(holder.id);
    },
  };
}

type Place = Awaited<ReturnType<typeof open>>;

/** A cloud's Keystone, as far as marks need it. */
async function open({ name, domain, client: own }: MarkedCloud, signal: AbortSignal) {
  const client = own.until(signal);
  const path = `/domains?name=${encodeURIComponent(domain)}`;
  const [found] = await client.list('identity', path, 'domains', z.object({ id: z.string() }));
  const inDomain = found === undefined ? {} : { domain_id: found.id };
  return {
    ...{ name, client },
    async find(project: string): Promise<KeystoneProject | undefined> {
      const query = new URLSearchParams({ name: project, ...inDomain }).toString();
      return (await client.list('identity', `/projects?${query}`, 'projects', projectSchema))[0];
    },
    /** False where that name is taken. */
    async make(project: string, description: string, mark: OwnMark): Promise<boolean> {
      const body = { name: project, description, enabled: false, ...inDomain, [ATTRIBUTE]: mark };
      try {
        await client.post('identity', '/projects', { project: body }, z.unknown());
        return true;
      } catch (error) {
        if (statusOf(error) === 409) return false;
        // The answer may be what was lost: the project is there then.
        if (statusOf(error) !== undefined || signal.aborted || (await this.find(project)) === undefined) throw error;
        return false;
      }
    },
    set: (id: string, mark: OwnMark) => client.patch('identity', `/projects/${id}`, { project: { [ATTRIBUTE]: mark } }),
    remove: (id: string) => client.delete('identity', `/projects/${id}`),
  };
}

async function read(at: Place, stack: SynthesizedStack): Promise<Mark | undefined> {
  const name = projectOf(stack);
  const [own, holder] = await Promise.all([ownProject(at, stack), at.find(holderName(stack))]);
  const settled = own?.[ATTRIBUTE];
  if (own !== undefined && settled !== undefined) return foundMark(settled, where(at, own.name));
  const held = holder?.[ATTRIBUTE];
  if (holder !== undefined && held !== undefined) return foundMark(held, where(at, holder.name), name !== undefined);
  if (own !== undefined) return unmarked(where(at, own.name));
  const [left] = await findLeftovers(stack.id, creationsOf(stack), listingOf(at.client));
  return left === undefined ? undefined : unmarked(`${left.to} (${left.id}) of cloud ${at.name}`);
}

async function write(at: Place, stack: SynthesizedStack, own: OwnMark, instead: Mark | undefined): Promise<Mark> {
  const holder = holderName(stack);
  const project = await ownProject(at, stack);
  if (project === undefined) {
    const description = `Says whose state ${stack.id} belongs to. Holds nothing; made by Tandem, and deleted with the stack.`;
    const isProvisional = projectOf(stack) !== undefined;
    if (await at.make(holder, description, own)) return foundMark(own, where(at, holder), isProvisional);
    return await settle(at, await at.find(holder), own, instead, isProvisional);
  }
  const settled = await settle(at, project, own, instead, false);
  const claim = await at.find(holder);
  if (settled.lineage === own.lineage && claim !== undefined) await at.remove(claim.id);
  return settled;
}

/** Marks a project that is there, where its mark gives way; gives what it carries then. */
async function settle(
  at: Place,
  project: KeystoneProject | undefined,
  own: OwnMark,
  instead: Mark | undefined,
  isProvisional: boolean,
): Promise<Mark> {
  // It was there a moment ago: whoever removed it is at work on the stack.
  if (project === undefined) return unmarked(`cloud ${at.name}`);
  const place = where(at, project.name);
  const carried = project[ATTRIBUTE];
  const found = carried === undefined ? undefined : foundMark(carried, place, isProvisional);
  if (found !== undefined && !givesWay(found, own, instead)) return found;
  await at.set(project.id, own);
  return foundMark(own, place, isProvisional);
}

/** The project that the stack made for itself; another of that name is not meant. */
async function ownProject(at: Place, stack: SynthesizedStack): Promise<KeystoneProject | undefined> {
  const name = projectOf(stack);
  const found = name === undefined ? undefined : await at.find(name);
  return found !== undefined && isOwned(found, stack.id) ? found : undefined;
}

function where({ name }: Place, project: string): string {
  return `project ${project} of cloud ${name}`;
}

/** Name of the project that marks a stack. Long names end in a digest. */
function holderName({ id }: Pick<SynthesizedStack, 'id'>): string {
  return boundedName(`tandem-${artefactName(id)}`, LONGEST, '-');
}

/** Name of the project that a stack makes for itself; undefined where it makes none. */
function projectOf(stack: SynthesizedStack): string | undefined {
  const project = creationsOf(stack).find(({ type }) => type === 'openstack_identity_project_v3');
  const { name } = (project?.change.after ?? {}) as { name?: unknown };
  return typeof name === 'string' && !name.includes('${') ? name : undefined;
}

/** Every resource of an artefact, as if it were to be made. */
function creationsOf({ text }: Pick<SynthesizedStack, 'text'>): ResourceChange[] {
  const { resource = {} } = JSON.parse(text) as { resource?: Record<string, Record<string, unknown>> };
  return Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, after]) => ({
      ...{ address: `${type}.${name}`, mode: 'managed', type, name },
      change: { actions: ['create'], before: null, after },
    })),
  ) as unknown as ResourceChange[];
}

import type { Project } from '../config/project.ts';
import type { StackDefinition } from '../engines/definition.ts';
import type { StackId } from '../stack/id.ts';
import { selectIds } from '../stack/select.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import type { StackRecord } from '../state/record.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import { notDestroyable, tooManyStacks } from './errors.ts';
import type { DeployPorts, Target } from './ports.ts';

/** The configuration's stacks as targets: to be brought to what it says, or removed as they were last applied. */
export async function targetsFor(
  ports: Pick<DeployPorts, 'records' | 'synthesize'>,
  project: Project,
  ids: readonly StackId[],
  { destroy }: { readonly destroy: boolean },
): Promise<Target[]> {
  const definitions = stacksOf(project);
  if (destroy) return Promise.all(ids.map((id) => removal(ports, id, definitions)));
  if (ids.length === 0) return [];
  return (await ports.synthesize(definitions, new Set(ids))).map((stack) => ({ stack, destroy: false }));
}

/** Stacks that are removed, then those that are brought to what the configuration says. */
export async function targetsOf(
  ports: Pick<DeployPorts, 'records' | 'synthesize'>,
  project: Project,
  { removed, kept }: Readonly<Record<'removed' | 'kept', readonly StackId[]>>,
): Promise<Target[]> {
  return [
    ...(await targetsFor(ports, project, removed, { destroy: true })),
    ...(await targetsFor(ports, project, kept, { destroy: false })),
  ];
}

/** The one stack of some that a selector means. @throws TandemError `no-such-stack`, `too-many-stacks` */
export function theOne(known: readonly StackId[], selector: string, verb: string): StackId {
  const meant = [...selectIds([...new Set(known)], [selector])];
  const [id, ...others] = meant;
  if (id === undefined || others.length > 0) throw tooManyStacks(verb, selector, meant);
  return id;
}

/** The one configured stack that a selector of `tandem adopt` means. @throws TandemError `no-such-stack`, `too-many-stacks` */
export async function configuredStack(
  ports: Pick<DeployPorts, 'synthesize'>,
  project: Project,
  selector: string,
): Promise<SynthesizedStack> {
  const definitions = stacksOf(project);
  const known = definitions.map(({ id }) => id);
  const id = theOne(known, selector, 'adopt');
  const [stack] = await ports.synthesize(definitions, new Set([id]));
  if (stack === undefined) throw new Error(`${id} was not synthesized`);
  return stack;
}

/** What is removed is what was applied, not what the configuration says today; where nothing was recorded, today's has to do. */
async function removal(
  ports: Pick<DeployPorts, 'records' | 'synthesize'>,
  id: StackId,
  definitions: readonly StackDefinition[],
): Promise<Target> {
  const definition = definitions.find((each) => each.id === id);
  const record = await ports.records.read(id);
  if (record !== undefined) return { stack: fromRecord(record, definition), destroy: true };
  const [stack] = definition === undefined ? [] : await ports.synthesize(definitions, new Set([id]));
  if (stack === undefined) throw notDestroyable(id, 'it is not configured, and there is no record of it');
  return { stack, destroy: true };
}

/** A stack as a record has it. */
export function fromRecord(
  record: StackRecord,
  definition?: Pick<StackDefinition, 'dependsOn' | 'takes' | 'target'>,
): SynthesizedStack {
  return {
    id: record.stack,
    engine: record.engine,
    dependsOn: definition?.dependsOn ?? [],
    unresolvedInputs: [],
    ...(definition?.takes === undefined ? {} : { takes: definition.takes }),
    files: record.files,
    // Where whoever works on it goes; where it is, its record says.
    target: definition?.target ?? record.target ?? {},
    text: record.artefact,
    digest: record.digest,
    citations: {},
  };
}

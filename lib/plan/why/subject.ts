import { posix } from 'node:path';
import { type ConfigPath, formatPath, type SourcePosition } from '../../config/origin.ts';
import type { Entity, Project } from '../../config/project.ts';
import { type ConfigRef, ref } from '../../stack/config-ref.ts';
import { shortNameOf } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { nearest } from '../../text/nearest.ts';
import { ambiguousAddress, noSuchAddress, noSuchLine } from '../errors.ts';

/** A value of the configuration that the subject stands on. */
export interface Cause {
  readonly reference: ConfigRef;
  readonly attribute: string | null;
}

/** A file, a line of a file that values name, or a line of the configuration with what is written there. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly written?: { readonly position: SourcePosition; readonly path: ConfigPath; readonly value: unknown };
}

/** What somebody asks about, and the values that it stands on. */
export interface Subject {
  readonly subject: string;
  readonly causes: readonly Cause[];
  /** Where a file or a line was asked about. */
  readonly place?: Place;
  /** Stacks whose resources are of interest. @default all: a line may affect any */
  readonly within?: readonly SynthesizedStack[];
}

/**
 * `file:line`, a file, `stack:address`, a stack's id or short name, or an address that only one stack has.
 * @throws TandemError `no-such-line`, `no-such-address`, `ambiguous-address`
 */
export function findSubject(project: Project, stacks: readonly SynthesizedStack[], asked: string): Subject {
  const [, written = asked, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(asked) ?? [];
  const file = inProject(project, written);
  const lines = linesOf(project, file);
  if (lines !== undefined || (line !== undefined && /[./]/.test(written) && !isStack(stacks, written))) {
    if (line === undefined) return fileSubject(project, file);
    if (lines === undefined || Number(line) > lines || Number(line) < 1)
      throw noSuchLine(`${file}:${line}`, file, lines);
    return lineSubject(project, file, Number(line));
  }
  const found = resourcesNamed(stacks, asked);
  const [only] = found;
  if (found.length > 1)
    throw ambiguousAddress(
      asked,
      found.map(({ stack, address }) => `${stack.id}:${address}`),
    );
  if (only !== undefined) return resourceSubject(only.stack, only.address);
  const named = stacks.filter((stack) => stack.id === asked || shortNameOf(stack.id) === asked);
  if (named.length > 0) return stackSubject(project, named, asked);
  if (/\.ya?ml$/i.test(asked)) throw noSuchLine(asked, file, undefined);
  throw noSuchAddress(asked, nearest(asked, namesOf(stacks), formsOf));
}

/** A path as the configuration names its files. */
function inProject({ root }: Project, written: string): string {
  const path = posix.normalize(written);
  return root !== undefined && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

/** How many lines a file that the project was made from has; undefined for any other. */
function linesOf(project: Project, file: string): number | undefined {
  for (const { origin } of entitiesOf(project)) {
    const lines = origin.linesOf(file);
    if (lines !== undefined) return lines;
  }
  return project.userData?.get(file)?.trimEnd().split('\n').length;
}

function isStack(stacks: readonly SynthesizedStack[], asked: string): boolean {
  return stacks.some(({ id }) => id === asked || shortNameOf(id) === asked);
}

/** The values that name a file of user data. */
function userDataCauses(project: Project, file: string): Cause[] {
  return [...project.blueprints.values()].flatMap(({ kind, name, value }) =>
    Object.entries(value.tiers)
      .filter(([, tier]) => tier.userData === file)
      .map(([tier]) => ({ reference: { kind, name, path: ['tiers', tier, 'userData'] }, attribute: null })),
  );
}

function fileSubject(project: Project, file: string): Subject {
  return { subject: file, causes: userDataCauses(project, file), place: { file } };
}

function resourcesNamed(
  stacks: readonly SynthesizedStack[],
  asked: string,
): { stack: SynthesizedStack; address: string }[] {
  const at = asked.indexOf(':');
  const prefix = asked.slice(0, Math.max(at, 0));
  const isScoped = at > 0 && stacks.some((stack) => stack.id === prefix || shortNameOf(stack.id) === prefix);
  const address = isScoped ? asked.slice(at + 1) : asked;
  return stacks
    .filter((stack) => !isScoped || stack.id === prefix || shortNameOf(stack.id) === prefix)
    .filter((stack) => stack.citations[address] !== undefined)
    .map((stack) => ({ stack, address }));
}

function resourceSubject(stack: SynthesizedStack, address: string): Subject {
  const causes = (stack.citations[address] ?? []).map(({ attribute, kind, name, path }) => ({
    reference: { kind, name, path },
    attribute: attribute ?? null,
  }));
  // What it is as a whole first, then attribute by attribute.
  const rank = (cause: Cause) => (cause.attribute === null ? 0 : 1);
  return { subject: `${stack.id}:${address}`, causes: causes.sort((a, b) => rank(a) - rank(b)) };
}

/** A stack stands on its files. */
function stackSubject(project: Project, stacks: readonly SynthesizedStack[], asked: string): Subject {
  const files = new Set(stacks.flatMap((stack) => stack.files));
  const causes = entitiesOf(project)
    .filter((entity) => files.has(entity.file))
    .sort((a, b) => [...files].indexOf(a.file) - [...files].indexOf(b.file))
    .map((entity) => ({ reference: ref(entity.kind, entity.name), attribute: null }));
  return { subject: stacks.length === 1 ? (stacks[0]?.id ?? asked) : asked, causes, within: stacks };
}

/** The value that the line begins, or the last one that begins before it, of each entity that stands on the file. */
function lineSubject(project: Project, file: string, line: number): Subject {
  const subject = `${file}:${line}`;
  const named = userDataCauses(project, file);
  if (named.length > 0) return { subject, causes: named, place: { file, line } };
  let written: Place['written'];
  let references: ConfigRef[] = [];
  for (const { kind, name, value, origin } of entitiesOf(project)) {
    if (!origin.files.includes(file)) continue;
    for (const path of pathsOf(value)) {
      const found = origin.at(...path).writtenIn(file);
      if (found === undefined || found.position.line > line) continue;
      const isSame = written !== undefined && formatPath(path) === formatPath(written.path);
      const isNearer =
        written === undefined ||
        found.position.line > written.position.line ||
        // A file begins where its first key does.
        (found.position.line === written.position.line && written.path.length === 0 && path.length > 0);
      if (isNearer) [written, references] = [{ ...found, path }, []];
      // Entities that share a base say the same of its line.
      if (isNearer || isSame) references.push({ kind, name, path });
    }
  }
  const causes = references.map((reference) => ({ reference, attribute: null }));
  return { subject, causes, place: written === undefined ? { file, line } : { file, line, written } };
}

/** Paths of everything in a value, outer before inner. */
function* pathsOf(value: unknown, path: ConfigPath = []): Generator<ConfigPath> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

function entitiesOf(project: Project): Entity<unknown>[] {
  const { organisation, clouds, environments, blueprints, leases, links, prices, components = new Map() } = project;
  const single = [organisation, project.approvers, project.awsPrices].filter((each) => each !== undefined);
  const named = [clouds, environments, blueprints, leases, links, prices, components];
  return [...single, ...named.flatMap((each: ReadonlyMap<string, Entity<unknown>>) => [...each.values()])];
}

function namesOf(stacks: readonly SynthesizedStack[]): string[] {
  return stacks.flatMap((stack) => [
    stack.id as string,
    ...Object.keys(stack.citations).map((address) => `${stack.id}:${address}`),
  ]);
}

/** An address is named with its stack or without. */
function formsOf(name: string): string[] {
  return [name, name.slice(name.indexOf(':') + 1)];
}

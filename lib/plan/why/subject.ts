import type { ConfigPath } from '../../config/origin.ts';
import type { Entity, Project } from '../../config/project.ts';
import { type ConfigRef, ref } from '../../stack/config-ref.ts';
import { shortNameOf } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { nearest } from '../../text/nearest.ts';
import { ambiguousAddress, noSuchAddress, noSuchLine } from '../errors.ts';
import type { Cause } from './why.ts';

/** What somebody asks about, and the values that it stands on. */
export interface Subject {
  readonly subject: string;
  readonly causes: readonly Cause[];
  /** Stacks whose resources are of interest. @default all: a line may affect any */
  readonly within?: readonly SynthesizedStack[];
}

/**
 * `file:line`, `stack:address`, a stack's id or short name, or an address that only one stack has.
 * @throws TandemError `no-such-line`, `no-such-address`, `ambiguous-address`
 */
export function findSubject(project: Project, stacks: readonly SynthesizedStack[], asked: string): Subject {
  const [, file, line] = /^(.+\.ya?ml):(\d+)(?::\d+)?$/.exec(asked) ?? [];
  if (file !== undefined) return lineSubject(project, file.replace(/^\.\//, ''), Number(line), asked);
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
  throw noSuchAddress(asked, nearest(asked, namesOf(stacks), formsOf));
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

/** The innermost value that begins at the line or before it; several where layers share a file. */
function lineSubject(project: Project, file: string, line: number, asked: string): Subject {
  const found: { reference: ConfigRef; line: number }[] = [];
  for (const entity of entitiesOf(project)) {
    let best: { reference: ConfigRef; line: number } | undefined;
    for (const path of pathsOf(entity.value)) {
      const origin = entity.origin.at(...path);
      if (!origin.isWritten) continue;
      const position = origin.keyPosition;
      if (position.file !== file || position.line > line || (best !== undefined && position.line < best.line)) continue;
      best = { reference: { kind: entity.kind, name: entity.name, path }, line: position.line };
    }
    if (best !== undefined) found.push(best);
  }
  const nearestLine = Math.max(...found.map((each) => each.line));
  const causes = found
    .filter((each) => each.line === nearestLine)
    .map(({ reference }) => ({ reference, attribute: null }));
  if (causes.length === 0) throw noSuchLine(asked, [...new Set(entitiesOf(project).map((entity) => entity.file))]);
  return { subject: `${file}:${line}`, causes };
}

/** Paths of everything in a value, outer before inner. */
function* pathsOf(value: unknown, path: ConfigPath = []): Generator<ConfigPath> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

function entitiesOf(project: Project): Entity<unknown>[] {
  const { organisation, clouds, environments, blueprints, leases, prices, approvers } = project;
  const single = approvers === undefined ? [organisation] : [organisation, approvers];
  return [...single, ...[clouds, environments, blueprints, leases, prices].flatMap((each) => [...each.values()])];
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

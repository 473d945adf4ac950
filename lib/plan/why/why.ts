import { formatPath, type SourcePosition } from '../../config/origin.ts';
import type { Project } from '../../config/project.ts';
import { type ConfigRef, entityOf, resolveRef } from '../../stack/config-ref.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { Commit, History } from '../history.ts';
import { HIDDEN } from '../model.ts';

/** Something that a line of the configuration affects. */
export interface Affected {
  readonly stack: StackId;
  readonly address: string;
  /** Null where the resource as a whole stands on the line. */
  readonly attribute: string | null;
}

/** A line of the configuration, and what follows from it. */
export interface WhyLine extends SourcePosition {
  /** In the file's entity: `tiers.web.flavor`. */
  readonly path: string;
  /** What is written there, defaults applied. */
  readonly value: unknown;
  /** The attribute of the subject that it sets; null where the subject as a whole stands on it. */
  readonly attribute: string | null;
  /** Who wrote the line; null where it is not committed yet. */
  readonly commit: Commit | null;
  readonly affects: readonly Affected[];
}

/** Format `tandem.why/1`. */
export interface Why {
  readonly format: 'tandem.why/1';
  readonly subject: string;
  readonly lines: readonly WhyLine[];
}

/** A value of the configuration that the subject stands on. */
export interface Cause {
  readonly reference: ConfigRef;
  readonly attribute: string | null;
}

/** Explains a subject by the values that it stands on: where each is written, by whom, and what else it affects. */
export async function explainCauses(
  project: Project,
  stacks: readonly SynthesizedStack[],
  git: History,
  subject: string,
  causes: readonly Cause[],
): Promise<Why> {
  const positions = new Positions(project);
  const lines: WhyLine[] = [];
  const seen = new Set<string>();
  for (const { reference, attribute } of causes) {
    const position = positions.of(reference);
    const key = JSON.stringify([position, attribute]);
    if (position === undefined || seen.has(key)) continue;
    seen.add(key);
    lines.push({
      ...position,
      path: formatPath(reference.path),
      value: valueAt(project, reference),
      attribute,
      commit: (await git.blame(position.file, position.line)) ?? null,
      affects: affectedBy(reference, position, stacks, positions),
    });
  }
  return { format: 'tandem.why/1', subject, lines };
}

/** Every resource that stands on the line, or on a value inside the one that is written there. */
function affectedBy(
  reference: ConfigRef,
  position: SourcePosition,
  stacks: readonly SynthesizedStack[],
  positions: Positions,
): Affected[] {
  const affected: Affected[] = [];
  for (const stack of stacks) {
    for (const [address, citations] of Object.entries(stack.citations)) {
      const matching = citations.filter((each) => isInside(each, reference) || positions.isAt(each, position));
      const attributes = new Set(matching.map((each) => each.attribute ?? null));
      for (const attribute of attributes) affected.push({ stack: stack.id, address, attribute });
    }
  }
  return affected;
}

function isInside(inner: ConfigRef, outer: ConfigRef): boolean {
  return (
    inner.kind === outer.kind &&
    inner.name === outer.name &&
    outer.path.every((part, index) => inner.path[index] === part)
  );
}

function valueAt(project: Project, reference: ConfigRef): unknown {
  let value: unknown = entityOf(project, reference)?.value;
  for (const part of reference.path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  const isSecret = reference.path.some((part) => /secret|password|token/i.test(String(part)));
  return isSecret && typeof value === 'string' && !value.startsWith('secret:') ? HIDDEN : (value ?? null);
}

/** Positions by reference, looked up once each. */
class Positions {
  readonly #project: Project;
  readonly #known = new Map<string, SourcePosition | undefined>();

  constructor(project: Project) {
    this.#project = project;
  }

  of(reference: ConfigRef): SourcePosition | undefined {
    const key = JSON.stringify([reference.kind, reference.name, reference.path]);
    if (!this.#known.has(key)) this.#known.set(key, resolveRef(this.#project, reference));
    return this.#known.get(key);
  }

  isAt(reference: ConfigRef, position: SourcePosition): boolean {
    const found = this.of(reference);
    return found?.file === position.file && found.line === position.line;
  }
}

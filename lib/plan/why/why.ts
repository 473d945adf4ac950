import { type ConfigPath, formatPath, type SourcePosition } from '../../config/origin.ts';
import type { Project } from '../../config/project.ts';
import { type ConfigRef, entityOf, resolveRef } from '../../stack/config-ref.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { Commit, Writer, Writers } from '../history.ts';
import { HIDDEN } from '../model.ts';
import type { Cause, Place, Subject } from './subject.ts';

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
  /** Who wrote the line, or last changed the file; null where `history` says why nobody is known. */
  readonly commit: Commit | null;
  /** `cut-off`: the clone is shallow, and its history ends before the line was written. */
  readonly history: Writer['kind'];
  /** Whether it is about the file, not about one of its lines. */
  readonly wholeFile: boolean;
  readonly affects: readonly Affected[];
}

/** Format `tandem.why/1`. */
export interface Why {
  readonly format: 'tandem.why/1';
  readonly subject: string;
  readonly lines: readonly WhyLine[];
}

/** Explains a subject by the values that it stands on: where each is written, by whom, and what else it affects. */
export async function explain(
  project: Project,
  stacks: readonly SynthesizedStack[],
  git: Writers,
  { subject, causes, place, within = stacks }: Subject,
): Promise<Why> {
  const positions = new Positions(project);
  const lines: WhyLine[] = [];
  const seen = new Set<string>();
  if (place !== undefined) lines.push(await explainPlace(place, causes, within, git, positions));
  for (const { reference, attribute } of place === undefined ? causes : []) {
    const position = positions.of(reference);
    const key = JSON.stringify([position, attribute]);
    if (position === undefined || seen.has(key)) continue;
    seen.add(key);
    lines.push({
      ...position,
      path: formatPath(reference.path),
      value: valueAt(project, reference),
      attribute,
      ...known(await git.writerOf(position.file, position.line)),
      wholeFile: false,
      affects: affectedBy((each) => isInside(each, reference) || positions.isAt(each, position), within),
    });
  }
  return { format: 'tandem.why/1', subject, lines };
}

/** A file with all that is written in it, one that values name with what they affect, or a line with what it says. */
async function explainPlace(
  { file, line, written }: Place,
  causes: readonly Cause[],
  stacks: readonly SynthesizedStack[],
  git: Writers,
  positions: Positions,
): Promise<WhyLine> {
  const isInFile = (each: ConfigRef) => positions.of(each)?.file === file;
  const isCause = (each: ConfigRef) =>
    causes.some(
      ({ reference }) =>
        // What other layers write inside a map is theirs; what stands for the whole file is about all of it.
        isInside(each, reference) && (written === undefined || written.path.length === 0 || isInFile(each)),
    );
  const at = written?.position ?? { file, line: line ?? 1, column: 1 };
  const isHere = (each: ConfigRef) =>
    line === undefined ? isInFile(each) : written !== undefined && written.path.length > 0 && positions.isAt(each, at);
  return {
    ...at,
    path: formatPath(written?.path ?? []),
    value: written === undefined || written.path.length === 0 ? null : masked(written.path, written.value),
    attribute: null,
    ...known(await git.writerOf(file, line === undefined ? undefined : at.line)),
    wholeFile: line === undefined,
    affects: affectedBy((each) => isCause(each) || isHere(each), stacks),
  };
}

function known(writer: Writer): Pick<WhyLine, 'commit' | 'history'> {
  return { commit: writer.kind === 'commit' ? writer.commit : null, history: writer.kind };
}

/** Every resource with a citation of a kind: that stands on the line, or on a value inside the one that is written there. */
function affectedBy(isCause: (citation: ConfigRef) => boolean, stacks: readonly SynthesizedStack[]): Affected[] {
  const affected: Affected[] = [];
  for (const stack of stacks) {
    for (const [address, citations] of Object.entries(stack.citations)) {
      const attributes = new Set(citations.filter(isCause).map((each) => each.attribute ?? null));
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
  return masked(reference.path, value);
}

function masked(path: ConfigPath, value: unknown): unknown {
  const isSecret = path.some((part) => /secret|password|token/i.test(String(part)));
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

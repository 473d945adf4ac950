import type { Project } from '../config/project.ts';
import type { Citation } from '../stack/cite.ts';
import { resolveRef } from '../stack/config-ref.ts';
import { withoutIndexes } from './difference/differences.ts';
import type { BareChange, Change, Source } from './model.ts';

/** Citations of a resource, with the line of each looked up in the configuration that they were made from. */
export function sourceOf(
  project: Project,
  change: BareChange,
  citations: readonly Citation[],
  files: readonly string[],
): Source | null {
  const cited = mostPrecise(change, citations);
  const position = cited === undefined ? undefined : resolveRef(project, cited);
  if (position !== undefined) return { file: position.file, line: position.line };
  const [file] = files;
  return file === undefined ? null : { file, line: 1 };
}

/**
 * The citation of the attribute that weighs most: one that forces a replacement, else the first that changed and has a line of its
 * own; else what the resource as a whole stands on.
 */
function mostPrecise(change: BareChange, citations: readonly Citation[]): Citation | undefined {
  const whole = citations.find((each) => each.attribute === undefined);
  if (change.action === 'create' || change.action === 'import') return whole ?? citations[0];
  const changed = [...change.attributes].sort((a, b) => Number(b.forcesReplacement) - Number(a.forcesReplacement));
  for (const { path } of changed) {
    const found = citationOf(withoutIndexes(path), citations);
    if (found !== undefined) return found;
  }
  return whole ?? citations[0];
}

/** The citation that says most about an attribute: of itself, of what it is in, or of something in it. */
function citationOf(attribute: string, citations: readonly Citation[]): Citation | undefined {
  const related = citations.filter(
    (each) =>
      each.attribute !== undefined &&
      (each.attribute === attribute ||
        attribute.startsWith(`${each.attribute}.`) ||
        each.attribute.startsWith(`${attribute}.`)),
  );
  return related.sort((a, b) => (b.attribute?.length ?? 0) - (a.attribute?.length ?? 0))[0];
}

/** A change that only follows from another one has that one's line. */
export function inheritSources(changes: readonly Change[]): Change[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const causeOf = (change: Change): Change | undefined => {
    if (!change.attributes.every((each) => each.before === each.after) || change.attributes.length === 0)
      return undefined;
    const [, cause] = /^refers to (\S+), which is replaced$/.exec(change.reasons[0] ?? '') ?? [];
    return cause === undefined ? undefined : byAddress.get(cause);
  };
  return changes.map((change) => {
    const seen = new Set([change]);
    let origin = causeOf(change);
    for (let next = origin; next !== undefined && !seen.has(next); next = causeOf(next)) {
      seen.add(next);
      origin = next;
    }
    return origin === undefined ? change : { ...change, source: origin.source };
  });
}

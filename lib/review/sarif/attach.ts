import type { Project } from '../../config/project.ts';
import { PLAIN_ATTRIBUTE } from '../../plan/change.ts';
import type { Change, Finding, FindingsElsewhere, Plan, Source } from '../../plan/model.ts';
import { sourceOf } from '../../plan/source.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { counted } from '../../text/plural.ts';
import { marked } from '../marked.ts';
import { type JsonPath, type PlaceFinder, placesIn } from './place.ts';
import type { ForeignFinding } from './read.ts';

/** An artefact that other programs read, as this configuration makes it. */
export interface ReadArtefact {
  readonly stack: Pick<SynthesizedStack, 'id' | 'text' | 'citations' | 'files'>;
  /** Where it is written, relative to the project's root. */
  readonly file: string;
  /** Whether what is written there is something else: lines of it say nothing. */
  readonly isStale: boolean;
}

/** What becomes of a finding: it is about a change, about what does not change, or cannot be told. */
type Placed = { readonly finding: Finding } | { readonly unchanged: true } | { readonly unplaced: string };

const OTHER_FILE = 'are about files that no planned stack is made of';
const STALE =
  'are about a file that this configuration would write otherwise: run `tandem synth`, then the check again';
const NO_RESOURCE = 'name no resource';

/**
 * The plan with what other programs found in its artefacts: each finding with the change and the line of the configuration that it is
 * about. Those on what does not change, and those whose place cannot be told, are counted. They warn and never deny: whoever runs such
 * a program has it fail by itself. Pure.
 */
export function attachFindings(
  plan: Plan,
  foreign: readonly ForeignFinding[],
  { project, artefacts }: { readonly project: Project; readonly artefacts: readonly ReadArtefact[] },
): Plan {
  const places = new Map<string, PlaceFinder>();
  const changesOf = new Map(
    plan.stacks.map(({ id, changes }) => [id, new Map(changes.map((change) => [change.address, change]))] as const),
  );

  function place(found: ForeignFinding): Placed {
    const artefact = artefactOf(found.file, artefacts);
    if (artefact === undefined) return inConfiguration(plan, found) ?? { unplaced: OTHER_FILE };
    const { stack, isStale } = artefact;
    if (isStale) return { unplaced: STALE };
    const changes = changesOf.get(stack.id) ?? new Map<string, Change>();
    let finder = places.get(stack.id);
    if (finder === undefined) places.set(stack.id, (finder = placesIn(stack.text)));
    const path = found.line === undefined ? undefined : finder(found.line, found.column);
    const at = (path === undefined ? undefined : resourceAt(path, changes)) ?? resourceNamed(found.names, changes);
    if (at === undefined)
      return (path?.length ?? 0) > 1 || found.names.length > 0 ? { unchanged: true } : { unplaced: NO_RESOURCE };
    const source = sourceIn(project, stack, at.change, at.property);
    return { finding: findingOf(found, { stack: stack.id, address: at.change.address, source }) };
  }

  const findings = new Map<string, Finding>();
  const elsewhere = new Map<string, FindingsElsewhere>();
  for (const found of foreign) {
    const placed = place(found);
    if ('finding' in placed) {
      const { rule, stack, address, reason } = placed.finding;
      findings.set(JSON.stringify([rule, stack, address, reason]), placed.finding);
      continue;
    }
    const text = 'unplaced' in placed ? placed.unplaced : 'are on what does not change';
    const key = `${found.tool} ${text}`;
    const count = (elsewhere.get(key)?.count ?? 0) + 1;
    elsewhere.set(key, {
      tool: found.tool,
      count,
      text: `${counted(count, 'finding')} of ${found.tool} ${count === 1 ? singular(text) : text}`,
    });
  }
  const added = [...findings.values()];
  const stacks = marked(plan.stacks, added);
  return { ...plan, stacks, findings: [...plan.findings, ...added], elsewhere: [...elsewhere.values()] };
}

const singular = (text: string): string => text.replace(/^are /, 'is ').replace(/^name /, 'names ');

/** A program may also have run inside the folder of the artefacts, and name a file alone: if only one has that name. */
function artefactOf(said: string, artefacts: readonly ReadArtefact[]): ReadArtefact | undefined {
  const whole = artefacts.find(({ file }) => isSameFile(said, file));
  if (whole !== undefined || said === '') return whole;
  const [only, ...others] = artefacts.filter(({ file }) => isSameFile(file, said.replace(/^[./]+/, '')));
  return others.length > 0 ? undefined : only;
}

/** A program may have run in another checkout, or been given a folder. */
function isSameFile(said: string, file: string): boolean {
  const path = said.replace(/^(?:\.\/)+/, '');
  return path === file || path.endsWith(`/${file}`);
}

/** The resource that a place is in: the outermost whose address its keys make. What follows is the property. */
function resourceAt(
  path: JsonPath,
  changes: ReadonlyMap<string, Change>,
): { change: Change; property: JsonPath } | undefined {
  for (let end = 1; end <= path.length; end += 1)
    for (let length = 1; length <= Math.min(3, end); length += 1) {
      const change = changes.get(path.slice(end - length, end).join('.'));
      if (change !== undefined) return { change, property: path.slice(end) };
    }
  return undefined;
}

/** By the name that a program gives a resource: `AWS::S3::Bucket.Results`, `openstack_compute_instance_v2.web`. */
function resourceNamed(
  names: readonly string[],
  changes: ReadonlyMap<string, Change>,
): { change: Change; property: JsonPath } | undefined {
  for (const name of names) {
    const change = changes.get(name) ?? changes.get(name.slice(name.lastIndexOf('.') + 1));
    if (change !== undefined) return { change, property: [] };
  }
  return undefined;
}

/** The line that set the property, if one of its citations does; otherwise that of the change. */
function sourceIn(
  project: Project,
  { citations, files }: ReadArtefact['stack'],
  change: Change,
  property: JsonPath,
): Source | null {
  const own = citations[change.address] ?? [];
  for (let from = 0; from < property.length; from += 1) {
    const path = property.slice(from).join('.');
    const isCited = own.some(
      ({ attribute }) =>
        attribute !== undefined &&
        (attribute === path || path.startsWith(`${attribute}.`) || attribute.startsWith(`${path}.`)),
    );
    if (!isCited) continue;
    const attribute = { path, before: null, after: null, ...PLAIN_ATTRIBUTE };
    return sourceOf(project, { ...change, action: 'update', attributes: [attribute] }, own, files);
  }
  return change.source;
}

/** A finding in a file of the configuration is about the changes that stand on its line. */
function inConfiguration({ stacks }: Plan, found: ForeignFinding): Placed | undefined {
  if (!/(?:^|\/)config\//.test(found.file) || found.line === undefined) return undefined;
  for (const { id, changes } of stacks)
    for (const { address, source } of changes)
      if (source !== null && source.line === found.line && isSameFile(found.file, source.file))
        return { finding: findingOf(found, { stack: id, address, source }) };
  return { unchanged: true };
}

function findingOf({ rule, message }: ForeignFinding, where: Pick<Finding, 'address' | 'stack' | 'source'>): Finding {
  return { rule, level: 'warn', reason: message.trim().replace(/\s+/g, ' '), owner: null, ...where };
}

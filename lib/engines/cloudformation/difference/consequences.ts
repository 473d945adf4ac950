import { leaves } from '../../../plan/difference/differences.ts';
import { joinReferences } from '../../../plan/difference/reasons.ts';
import type { AttributeChange, BareChange } from '../../../plan/model.ts';
import { isRecord, mapOf } from '../../../text/json.ts';
import { type Reference, referencesIn } from './references.ts';
import { isIntrinsic } from './values.ts';

type Template = Readonly<Record<string, unknown>>;

/** Whether a change of a property replaces a resource: `maybe` is for CloudFormation to decide. */
export type Replaces = (type: string, property: string) => 'yes' | 'maybe' | 'no';

interface Use {
  readonly path: string;
  readonly value: unknown;
  readonly references: readonly Reference[];
}

interface Reader {
  readonly address: string;
  /** The resource's; `output` and the like for the rest. */
  readonly type: string;
  readonly uses: readonly Use[];
}

/**
 * What follows from changes: whatever reads a value that changes, or that only a new resource can tell, changes with it, and is replaced
 * where the property cannot be changed in place; so do its own readers.
 */
export function withConsequences(changes: readonly BareChange[], after: Template, replaces: Replaces): BareChange[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const readers = readersOf(after);
  const queue = [...byAddress.keys()];
  for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
    const cause = byAddress.get(address);
    if (cause === undefined || cause.noise || cause.action === 'create') continue;
    for (const reader of readers.get(address) ?? []) {
      const touched = reader.uses.filter(({ references }) =>
        references.some((reference) => reference.address === address && touches(cause, reference.attribute)),
      );
      const next =
        touched.length === 0 ? undefined : follow(byAddress.get(reader.address), reader, touched, cause, replaces);
      if (next === undefined) continue;
      byAddress.set(next.address, next);
      queue.push(next.address);
    }
  }
  return [...byAddress.values()].map((change) => ({ ...change, reasons: joinReferences(change.reasons) }));
}

/** Attributes that count what is made of a resource: any update gives them another value. A launch template's default version is not among them. */
const COUNTS = /^(?:Latest\w*|VersionNumber|Version|VersionArn|VersionId|\w*Revision\w*)$/;
/** Types whose attributes are whatever their makers answer to an update. */
const ANSWERS = /^(?:Custom::|AWS::CloudFormation::(?:CustomResource|Stack)$)/;

/** Whether a change gives what is read of it another value. */
function touches({ type, action, attributes }: BareChange, attribute: string): boolean {
  if (action === 'replace') return true;
  if (action !== 'update' && action !== 'interrupt') return false;
  if (!type.includes('::')) return true;
  if (attribute === '') return false;
  const first = attribute.split('.', 1)[0];
  return COUNTS.test(attribute) || ANSWERS.test(type) || attributes.some(({ path }) => path.split('.', 1)[0] === first);
}

function follow(
  known: BareChange | undefined,
  reader: Reader,
  uses: readonly Use[],
  cause: BareChange,
  replaces: Replaces,
): BareChange | undefined {
  if (known !== undefined && !known.noise && known.action !== 'update' && known.action !== 'replace') return undefined;
  const present = new Set(known?.attributes.map(({ path }) => path));
  const isResource = reader.type.includes('::');
  const effects = new Map(
    uses.map(({ path }) => [path, isResource ? replaces(reader.type, path.split('.', 1)[0] ?? '') : 'no']),
  );
  const attributes = uses
    .filter(({ path }) => !present.has(path))
    .map(({ path, value }): AttributeChange => {
      const forcesReplacement = effects.get(path) !== 'no';
      return { path, before: value, after: value, afterUnknown: true, sensitive: false, forcesReplacement };
    });
  const reason = `refers to ${cause.address}, which ${cause.action === 'replace' ? 'is replaced' : 'changes'}`;
  const before = known === undefined || known.noise ? [] : known.reasons;
  const forced = uses.filter(({ path }) => effects.get(path) !== 'no');
  const action = known?.action === 'replace' || forced.length > 0 ? 'replace' : 'update';
  if (attributes.length === 0 && known?.action === action && before.includes(reason)) return undefined;
  const isOpen =
    action === 'replace' && known?.action !== 'replace' && forced.every(({ path }) => effects.get(path) === 'maybe');
  return {
    ...{ address: reader.address, type: reader.type, action },
    reasons: [...new Set([...before, reason, ...(isOpen ? [UNDECIDED] : [])])],
    attributes: [...(known?.attributes ?? []), ...attributes].sort((a, b) => (a.path < b.path ? -1 : 1)),
    ...{ noise: false, restarts: known?.restarts ?? [], findings: known?.findings ?? [] },
  };
}

export const UNDECIDED = 'CloudFormation decides at deployment whether it is replaced';

function readersOf(template: Template): Map<string, Reader[]> {
  const parameters = mapOf(template['Parameters']);
  const readers: Reader[] = [];
  const add = (address: string, type: string, value: unknown): void => {
    const uses = [...leaves(value, isIntrinsic)].map(([path, inner]): Use => {
      // A list of leaves is shown whole where its function stands.
      return { path, value: inner, references: referencesIn(inner, parameters) };
    });
    const reading = uses.filter(({ references }) => references.length > 0);
    if (reading.length > 0) readers.push({ address, type, uses: reading });
  };
  for (const [id, resource] of Object.entries(mapOf(template['Resources'])))
    if (isRecord(resource)) add(id, String(resource['Type']), resource['Properties']);
  for (const [id, output] of Object.entries(mapOf(template['Outputs']))) add(`Outputs.${id}`, 'output', output);
  for (const [id, condition] of Object.entries(mapOf(template['Conditions'])))
    add(`Conditions.${id}`, 'condition', { value: condition });
  const byTarget = new Map<string, Reader[]>();
  for (const reader of readers)
    for (const target of new Set(reader.uses.flatMap(({ references }) => references.map(({ address }) => address))))
      byTarget.set(target, [...(byTarget.get(target) ?? []), reader]);
  return byTarget;
}

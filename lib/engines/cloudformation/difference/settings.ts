import { ownEntry } from '../../../config/own-entry.ts';
import { differences } from '../../../plan/difference/differences.ts';
import { type BareChange, HIDDEN } from '../../../plan/model.ts';
import { isRecord, mapOf } from '../../../text/json.ts';
import { isIntrinsic, withoutHashes } from './values.ts';

/** Sections besides resources, and what one of their entries is. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ['Outputs', 'output'],
  ['Parameters', 'parameter'],
  ['Conditions', 'condition'],
  ['Mappings', 'mapping'],
  ['Rules', 'rule'],
];

/** Written by the CDK into every template: where nothing else differs, there is nothing to say. */
const OWN_ENTRIES = new Set([
  'Parameters.BootstrapVersion',
  'Rules.CheckBootstrapVersion',
  'Conditions.CDKMetadataAvailable',
]);

type Template = Readonly<Record<string, unknown>>;

/** Outputs, parameters, conditions and the rest. Of a stack that comes or goes, only its outputs are news. */
export function diffSettings(before: Template | undefined, after: Template | undefined): BareChange[] {
  const isWhole = before === undefined || after === undefined;
  const changes: BareChange[] = [];
  for (const [section, type] of SECTIONS) {
    if (isWhole && section !== 'Outputs') continue;
    const [left, right] = [mapOf(before?.[section]), mapOf(after?.[section])];
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const change = diffEntry(`${section}.${name}`, type, ownEntry(left, name), ownEntry(right, name));
      if (change !== undefined) changes.push(change);
    }
  }
  if (isWhole) return changes;
  for (const name of ['Description', 'Transform', 'Metadata', 'AWSTemplateFormatVersion']) {
    const change = diffEntry(name, 'template', before[name], after[name]);
    if (change !== undefined) changes.push({ ...change, noise: change.noise || name === 'Metadata' });
  }
  return changes;
}

function diffEntry(address: string, type: string, before: unknown, after: unknown): BareChange | undefined {
  const wrap = (value: unknown) => (value === undefined || isRecord(value) ? value : { value });
  const found = differences(wrap(before), wrap(after), {
    isAtom: (value) => isIntrinsic(value) && value !== before && value !== after,
  });
  if (found.length === 0) return undefined;
  const isExported = (value: unknown): boolean => isRecord(value) && value['Export'] !== undefined;
  const reasons =
    isExported(before) && !isExported(after) ? ['its export is removed, and other stacks may import it'] : [];
  const isHashOnly = before !== undefined && after !== undefined && withoutHashes(before) === withoutHashes(after);
  return {
    address,
    type,
    action: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    reasons: isHashOnly ? ['only content hashes differ'] : reasons,
    attributes: found.map(({ path, before: was, after: is }) => {
      const sensitive = path.startsWith('Default') && (isSecret(before) || isSecret(after));
      const shown = (value: unknown): unknown => (sensitive && value !== null ? HIDDEN : value);
      return { path, before: shown(was), after: shown(is), afterUnknown: false, sensitive, forcesReplacement: false };
    }),
    noise: isHashOnly || OWN_ENTRIES.has(address) || /^Parameters\.AssetParameters/.test(address),
    restarts: [],
    findings: [],
  };
}

/** A parameter that CloudFormation does not show. */
function isSecret(value: unknown): boolean {
  return isRecord(value) && String(value['NoEcho']) === 'true';
}

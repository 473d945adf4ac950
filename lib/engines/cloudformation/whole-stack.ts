import { PLAIN_ATTRIBUTE, sortChanges } from '../../plan/change.ts';
import { isResource } from '../../plan/is-resource.ts';
import type { Change } from '../../plan/model.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { Mac } from '../engine.ts';
import { diffCloudFormation } from './difference.ts';
import { masked } from './mask.ts';
import { readTemplate } from './template.ts';

/** A stack that is yet to be made, as its artefact has it. */
export async function creation(stack: SynthesizedStack, isAgain: boolean, mac?: Mac): Promise<Change[]> {
  const facts = readTemplate(stack.text);
  const reasons = isAgain ? ['its last creation failed and was rolled back'] : [];
  const changes = (await diffCloudFormation(undefined, stack.text, [], mac)).filter((change) => isResource(change));
  return sortChanges(changes.map((change) => masked({ ...change, source: null, reasons }, facts, mac)));
}

/** What goes with a stack, and what stays. */
export async function removals(template: string): Promise<Change[]> {
  const facts = readTemplate(template);
  const changes = (await diffCloudFormation(template, undefined)).filter((change) => isResource(change));
  return sortChanges(changes.map((change) => masked({ ...change, source: null }, facts)));
}

export function protectionChange(before: boolean, after: boolean): Change {
  return {
    address: 'TerminationProtection',
    type: 'template',
    action: 'update',
    reasons: after ? [] : ['termination protection is off: the stack can be deleted from now on'],
    attributes: [{ path: 'enabled', before, after, ...PLAIN_ATTRIBUTE }],
    source: null,
    noise: false,
    restarts: [],
    findings: [],
  };
}

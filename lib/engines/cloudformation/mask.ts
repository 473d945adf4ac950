import { leaves } from '../../plan/difference/differences.ts';
import type { AttributeChange, Change } from '../../plan/model.ts';
import { HIDDEN } from '../../plan/model.ts';
import type { Mac } from '../engine.ts';
import { holdsIntrinsic } from './difference/values.ts';
import type { TemplateFacts } from './template.ts';

/** Names of properties that hold secrets in clear, where somebody wrote one into a template. */
const SECRET_NAME =
  /(?:^|\.)(?:\w*password|secretstring|\w*secretkey|secretaccesskey|presharedkey|authtoken|\w*clientsecret|privatekey)(?:$|\.)/i;

/**
 * A change without secrets: values that are made from parameters with `NoEcho`, those parameters' defaults, and what is a secret by its
 * name. Pure.
 */
export function masked<T extends Pick<Change, 'address' | 'type' | 'attributes'>>(
  change: T,
  facts: TemplateFacts,
  mac?: Mac,
): T {
  const hidesAll =
    change.type === 'parameter' &&
    (facts.isHiddenParameter(change.address.replace(/^Parameters\./, '')) ||
      change.attributes.some((each) => each.path === 'NoEcho' && [each.before, each.after].some(isTrue)));
  const isHidden = (each: AttributeChange): boolean =>
    // What is hidden already keeps the digest of its value.
    !each.sensitive &&
    ((hidesAll && each.path !== 'NoEcho') ||
      (!isIntrinsic(each) && facts.isSensitiveProperty(change.address, each.path.split('.')[0] ?? '')) ||
      isSecret(each));
  return { ...change, attributes: change.attributes.map((each) => (isHidden(each) ? hide(each, mac) : each)) };
}

/** The same by the facts of several templates: what is hidden in one of them is. */
export function maskedBy<T extends Pick<Change, 'address' | 'type' | 'attributes'>>(
  change: T,
  facts: readonly TemplateFacts[],
  mac?: Mac,
): T {
  return facts.reduce((shown, each) => masked(shown, each, mac), change);
}

/** Shows how a value is made, and not the value. */
function isIntrinsic({ before, after }: AttributeChange): boolean {
  return [before, after].every((value) => value === null || holdsIntrinsic(value));
}

function isSecret({ path, before, after }: AttributeChange): boolean {
  // A reference to a secret is none.
  const isPlain = (value: unknown): boolean => typeof value === 'string' && !value.startsWith('{{resolve:');
  return [before, after].some((side) =>
    [...leaves({ [path]: side })].some(([name, value]) => isPlain(value) && SECRET_NAME.test(name)),
  );
}

function hide(attribute: AttributeChange, mac: Mac | undefined): AttributeChange {
  const cover = (value: unknown): unknown => (value === null || value === undefined ? null : HIDDEN);
  const { before, after } = attribute;
  const shown = { ...attribute, before: cover(before), after: cover(after), sensitive: true };
  return mac === undefined ? shown : { ...shown, mac: [before, after].map((each) => mac(each ?? null)).join(':') };
}

function isTrue(value: unknown): boolean {
  return String(value) === 'true';
}

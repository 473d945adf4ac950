import picomatch from 'picomatch';
import { isRecord, jsonIn } from '../text/json.ts';
import { maskingFailed } from './errors.ts';
import { type AttributeChange, type Change, HIDDEN, type Plan, type StackPlan } from './model.ts';

/** Shorter values stand in reasons by chance. */
const LEAST_QUOTED = 4;

/**
 * The plan without the values that the user's masks name: globs over paths of attributes, `*` for one name and `**` for any number of
 * them. A reason, a finding or an impact that quotes such a value loses it too. The digest stays that of what is planned.
 * @param mac - For bundles: a keyed digest of what is hidden, so that another value is another change. @default - it is only hidden
 * @throws TandemError `masking-failed`: nothing may be shown then
 */
export function maskPlan(plan: Plan, masks: readonly string[], mac?: (value: unknown) => string): Plan {
  if (masks.length === 0) return plan;
  try {
    return masked(plan, matcher(masks), mac);
  } catch (error) {
    throw maskingFailed(masks, error);
  }
}

type IsHidden = (path: string) => boolean;

/** Whether a mask names a path, as it is or without the indexes of lists. */
function matcher(masks: readonly string[]): IsHidden {
  const matches = picomatch(
    masks.map((mask) => mask.replaceAll('.', '/')).flatMap((mask) => [mask, `${mask}/**`]),
    { dot: true },
  );
  const known = new Map<string, boolean>();
  return (path) => {
    const found =
      known.get(path) ??
      [path, path.replace(/\.\d+(?=\.|$)/g, '')].some((each) =>
        matches(each.replaceAll('/', '_').replaceAll('.', '/')),
      );
    known.set(path, found);
    return found;
  };
}

function masked(plan: Plan, isHidden: IsHidden, mac?: (value: unknown) => string): Plan {
  const secrets = new Set<string>();
  const ofChange = (change: Change): Change => ({
    ...change,
    attributes: change.attributes.map((attribute) => maskAttribute(attribute, isHidden, secrets, mac)),
  });
  const ofStack = (stack: StackPlan): StackPlan => ({
    ...stack,
    changes: stack.changes.map(ofChange),
    drift: stack.drift.map(ofChange),
    ...(stack.leaves === undefined ? {} : { leaves: { ...stack.leaves, changes: stack.leaves.changes.map(ofChange) } }),
  });
  const stacks = plan.stacks.map(ofStack);
  const quotes = [...secrets].sort((a, b) => b.length - a.length);
  return quotes.length === 0 ? { ...plan, stacks } : withoutQuotes({ ...plan, stacks }, quotes);
}

function maskAttribute(
  attribute: AttributeChange,
  isHidden: IsHidden,
  secrets: Set<string>,
  mac?: (value: unknown) => string,
): AttributeChange {
  const cover = (value: unknown): unknown => coverValue(value, attribute.path, isHidden, secrets);
  const [before, after] = [cover(attribute.before), cover(attribute.after)];
  if (before === attribute.before && after === attribute.after) return attribute;
  // Where a part is hidden on both sides, only the mark tells that it changes.
  const told = mac === undefined ? {} : { mac: mac([attribute.before, attribute.after, attribute.mac]) };
  return { ...attribute, before, after, sensitive: true, ...told };
}

function coverValue(value: unknown, path: string, isHidden: IsHidden, secrets: Set<string>): unknown {
  if (value === null || value === undefined || value === HIDDEN) return value;
  if (isHidden(path)) {
    collect(value, secrets);
    return HIDDEN;
  }
  if (Array.isArray(value))
    return same(
      value,
      value.map((each, index) => coverValue(each, `${path}.${index}`, isHidden, secrets)),
    );
  if (isRecord(value)) {
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, coverValue(inner, `${path}.${key}`, isHidden, secrets)] as const,
    );
    return entries.every(([key, inner]) => inner === value[key]) ? value : Object.fromEntries(entries);
  }
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const inner = jsonIn(value);
  const covered = coverValue(inner, path, isHidden, secrets);
  return covered === inner ? value : JSON.stringify(covered);
}

function same(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((each, index) => each === before[index]) ? before : after;
}

function collect(value: unknown, secrets: Set<string>): void {
  if (typeof value === 'string' && value.length >= LEAST_QUOTED) secrets.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) collect(inner, secrets);
}

function withoutQuotes(plan: Plan, quotes: readonly string[]): Plan {
  const clean = (text: string): string => quotes.reduce((rest, quote) => rest.replaceAll(quote, HIDDEN), text);
  const ofChange = (change: Change): Change => ({ ...change, reasons: change.reasons.map(clean) });
  return {
    ...plan,
    stacks: plan.stacks.map((stack) => ({
      ...stack,
      changes: stack.changes.map(ofChange),
      drift: stack.drift.map(ofChange),
      ...(stack.reason === undefined ? {} : { reason: clean(stack.reason) }),
    })),
    findings: plan.findings.map((finding) => ({ ...finding, reason: clean(finding.reason) })),
    impact: plan.impact.map((each) => ({ ...each, text: clean(each.text) })),
    availability: plan.availability.map(clean),
  };
}

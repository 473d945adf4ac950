import type { Problem } from '../../config/diagnostic.ts';
import type { RuleInput } from '../../config/rules/rule.ts';

/** A starter has one of each, and cannot promise to survive a loss. */
export function checkPromise({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ value, origin }) => {
    if (value.layout !== 'starter' || value.survives === undefined) return [];
    const message = `got "${value.survives}"; a starter has one controller, and survives the loss of no ${value.survives} that carries it`;
    return [
      origin.at('survives').problem('starter-survives-nothing', message, 'remove it, or write another layout', {
        key: true,
        severity: 'warning',
      }),
    ];
  });
}

import { firstOf } from '../../text/listed.ts';
import type { Problem } from '../diagnostic.ts';
import type { RuleInput } from './rule.ts';

/**
 * A cloud outlives the machine of whoever deployed it, and others deploy to it: its state belongs where they all find it. A cloud on
 * loopback is one person's, and a back end that is written is a decision.
 */
export function checkSharedState({ organisation, clouds }: RuleInput): Problem[] {
  if (organisation === undefined) return [];
  const at = organisation.origin.at('state', 'backend');
  if (organisation.value.state.backend !== 'local' || at.isWritten) return [];
  const far = [...clouds.values()].filter(({ value }) => !isLoopback(value.endpoint.authUrl));
  if (far.length === 0) return [];
  const names = far.map(({ name }) => name);
  const message = `states of cloud ${firstOf(names, 1)} are kept in .tandem of each checkout; nobody else has them, and with the folder they are lost`;
  const fix = 'write local, or s3 or pg with a section of its own where several people deploy';
  return [at.problem('unshared-state', message, fix, { severity: 'warning' })];
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(URL.parse(url)?.hostname ?? '');
}

import type { Project } from '../../config/project.ts';
import { partsOf, type StackId } from '../../stack/id.ts';

/** What protects a stack, in words: its environment's termination protection, or its lease's flag. */
export function protectionOf(
  id: StackId,
  { environments, leases }: Pick<Project, 'environments' | 'leases'>,
): string | undefined {
  const { environment, lease } = partsOf(id);
  if (environment !== undefined && environments.get(environment)?.value.aws.terminationProtection === true)
    return `environment ${environment} says aws.terminationProtection: true`;
  if (lease !== undefined && leases.get(lease)?.value.protected === true) return `lease ${lease} says protected: true`;
  return undefined;
}

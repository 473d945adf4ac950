import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { listed } from '../../text/listed.ts';

/** What a cloud promises to survive: its own word, a rack where it has none, and nothing as a starter. */
export function promiseOf({ layout, survives }: Pick<Cloud, 'layout' | 'survives'>): 'none' | 'host' | 'rack' {
  return layout === 'starter' ? 'none' : (survives ?? 'rack');
}

/** Whether the layout must survive the loss of any one host, and of a rack unless `survives` says host: what breaks that is then an error. */
export function isHighlyAvailable({ layout }: Pick<Cloud, 'layout'>): boolean {
  return layout !== 'starter';
}

/** Of a fault in any cloud: an error in a highly available one, a warning in a starter. */
export function severityFor({ value }: Entity<Cloud>): Problem['severity'] {
  return isHighlyAvailable(value) ? 'error' : 'warning';
}

/** `control-a-1, control-b-1 and 3 more`. */
export function list(names: readonly string[]): string {
  return listed(names, 4);
}

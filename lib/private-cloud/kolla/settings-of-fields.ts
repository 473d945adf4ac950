import type { Assignment } from './ini.ts';
import type { OverrideReader } from './override-files.ts';

interface OfField {
  readonly role: string;
  readonly section: string;
  readonly key: string;
  /** Field of the cloud that says it. */
  readonly field: string;
}

const of = (role: string, section: string, key: string, field: string): OfField => ({ role, section, key, field });

/** Settings in files of Kolla's services that a field of the cloud says: rules, placement and predictions read the field. */
const OF_FIELDS: readonly OfField[] = [
  of('nova', 'DEFAULT', 'cpu_allocation_ratio', 'overcommit.vcpus'),
  of('nova', 'DEFAULT', 'ram_allocation_ratio', 'overcommit.memory'),
  of('nova', 'DEFAULT', 'reserved_host_memory_mb', 'hardware.*.reservedMemoryGiB'),
  of('neutron', 'DEFAULT', 'global_physnet_mtu', 'planes.tunnel.mtu'),
  of('neutron', 'ml2', 'path_mtu', 'planes.tunnel.mtu'),
];

/** The field that says what a setting of one's own file sets. */
export function fieldOfSetting({ section, key }: Assignment, { roles }: OverrideReader): string | undefined {
  const found = OF_FIELDS.find((each) => each.section === section && each.key === key && reads(roles, each.role));
  return found?.field;
}

/** Nova's cells have a role of their own. */
function reads(roles: readonly string[], role: string): boolean {
  return roles.some((each) => each === role || each.startsWith(`${role}-`));
}

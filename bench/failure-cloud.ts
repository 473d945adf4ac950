import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { shippedProject } from './projects.ts';

const PLANES = ['internal', 'external', 'tunnel', 'storage', 'storageCluster'];

/** The shipped cloud, grown to about so many hosts by its compute racks, in a project of its own: what a whole process starts from. */
export function largeCloudProject(hosts: number): string {
  const folder = shippedProject();
  const file = join(folder, 'config/clouds/paris.yaml');
  const cloud = parseDocument(readFileSync(file, 'utf8'));
  const perRack = Math.round((hosts - 28) / 3);
  for (const [at, plane] of PLANES.entries()) cloud.setIn(['planes', plane, 'cidr'], `10.${10 + at}.0.0/16`);
  for (const [at, rack] of ['a', 'b', 'c'].entries()) {
    cloud.setIn(['hosts', `compute-${rack}`, 'count'], perRack);
    cloud.setIn(['hosts', `compute-${rack}`, 'firstAddress'], `10.10.${16 + 4 * at}.11`);
  }
  cloud.setIn(['vips', 'external', 'address'], '10.11.7.250');
  writeFileSync(file, String(cloud));
  return folder;
}

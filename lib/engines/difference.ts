import type { BareChange } from '../plan/model.ts';
import type { EngineName } from '../stack/synthesized.ts';
import { diffCloudFormation } from './cloudformation/difference.ts';
import { diffKolla } from './kolla/difference.ts';
import { diffTerraform } from './terraform/difference.ts';

/** What changes between two artefacts of an engine, without asking any cloud. */
export async function difference(
  engine: EngineName,
  before: string | undefined,
  after: string | undefined,
): Promise<BareChange[]> {
  if (engine === 'kolla') return diffKolla(before, after);
  return engine === 'cloudformation' ? diffCloudFormation(before, after) : diffTerraform(before, after);
}

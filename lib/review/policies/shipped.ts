import { deletesProtected, destroysData, revertsDeploy } from './data.ts';
import { encryptionByDefault, unencrypted } from './encryption.ts';
import { replacesFleet } from './fleet.ts';
import { overBudget, stalePrices } from './money.ts';
import type { ShippedPolicy } from './shipped-policy.ts';
import { untagged } from './tags.ts';
import { opensToWorld, publicAccess } from './world.ts';

/** Policies of Tandem's own, on unless `policies.levels` says otherwise. */
export const SHIPPED_POLICIES: readonly ShippedPolicy[] = [
  deletesProtected,
  destroysData,
  encryptionByDefault,
  opensToWorld,
  overBudget,
  publicAccess,
  replacesFleet,
  revertsDeploy,
  stalePrices,
  unencrypted,
  untagged,
];

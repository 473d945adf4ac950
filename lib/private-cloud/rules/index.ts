import type { Rule } from '../../config/rules/rule.ts';
import { checkApiEndpoints } from './api-endpoints.ts';
import { checkHostSizes } from './host-sizes.ts';
import { checkNetworks } from './networks.ts';
import { checkNtpAndDns } from './ntp-and-dns.ts';
import { checkPromise } from './promise.ts';
import { checkQuorums } from './quorums.ts';
import { checkSpareCapacity } from './spare-capacity.ts';
import { checkStorage } from './storage.ts';
import { checkStorageRecovery } from './storage-recovery.ts';

/** Every rule of a cloud, in no particular order: problems are sorted by place. Which rules belong here: see `catalogue.ts`. */
export const cloudRules: readonly Rule[] = [
  checkPromise,
  checkQuorums,
  checkHostSizes,
  checkStorage,
  checkStorageRecovery,
  checkApiEndpoints,
  checkNetworks,
  checkNtpAndDns,
  checkSpareCapacity,
];

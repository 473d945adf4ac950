import type { Rule } from '../../config/rules/rule.ts';
import { checkEntrances } from './api-endpoints.ts';
import { checkNetworks } from './networks.ts';
import { checkFoundations } from './ntp-and-dns.ts';
import { checkQuorums } from './quorums.ts';
import { checkSpareCapacity } from './spare-capacity.ts';
import { checkStorage } from './storage.ts';

/** What must hold of a cloud before it is rendered, in no particular order: problems are sorted by place. */
export const haRules: readonly Rule[] = [
  checkQuorums,
  checkStorage,
  checkEntrances,
  checkNetworks,
  checkFoundations,
  checkSpareCapacity,
];

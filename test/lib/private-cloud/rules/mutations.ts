import { API_ENDPOINTS_MUTATIONS } from './mutations/api-endpoints.ts';
import type { Mutation } from './mutations/mutation.ts';
import { NETWORKS_MUTATIONS } from './mutations/networks.ts';
import { NTP_AND_DNS_MUTATIONS } from './mutations/ntp-and-dns.ts';
import { OWN_FILES_MUTATIONS } from './mutations/own-files.ts';
import { QUORUMS_MUTATIONS } from './mutations/quorums.ts';
import { SPARE_CAPACITY_MUTATIONS } from './mutations/spare-capacity.ts';
import { STORAGE_MUTATIONS } from './mutations/storage.ts';

/** At least one change for every rule of `lib/private-cloud/rules`, and some for rules of `lib/config/rules`. */
export const MUTATIONS: readonly Mutation[] = [
  ...QUORUMS_MUTATIONS,
  ...STORAGE_MUTATIONS,
  ...API_ENDPOINTS_MUTATIONS,
  ...NETWORKS_MUTATIONS,
  ...NTP_AND_DNS_MUTATIONS,
  ...SPARE_CAPACITY_MUTATIONS,
  ...OWN_FILES_MUTATIONS,
];

import { checkAddressPlan } from './address-plan.ts';
import { checkApprovers } from './approvers.ts';
import { checkBlueprints } from './blueprint.ts';
import { checkBlueprintsOnClouds } from './blueprint-on-cloud.ts';
import { checkCapacity } from './capacity.ts';
import { checkCloudContent } from './cloud-content.ts';
import { checkCloudHosts } from './cloud-hosts.ts';
import { checkComposedNames } from './composed-names.ts';
import { checkEnvironmentAlarms } from './environment-alarms.ts';
import { checkEnvironmentCapacity } from './environment-capacity.ts';
import { checkEnvironmentCluster } from './environment-cluster.ts';
import { checkEnvironmentEndpoints } from './environment-endpoints.ts';
import { checkEnvironmentIam } from './environment-iam.ts';
import { checkEnvironmentNetwork } from './environment-network.ts';
import { checkEnvironmentTimes } from './environment-times.ts';
import { checkEnvironmentWorker } from './environment-worker.ts';
import { checkHostAddresses } from './host-addresses.ts';
import { checkLadders } from './ladders.ts';
import { checkLeaseDates } from './lease-dates.ts';
import { checkLeaseReferences } from './lease-references.ts';
import { checkLeaseSizes } from './lease-sizes.ts';
import { checkLinkAddresses } from './link-addresses.ts';
import { checkLinkTunnels } from './link-tunnels.ts';
import { checkLinks } from './links.ts';
import { checkOrganisation } from './organisation.ts';
import { checkPaths } from './paths.ts';
import { checkPlanes } from './planes.ts';
import { checkPrices } from './prices.ts';
import { checkProviderNetworks } from './provider-networks.ts';
import { checkRenames } from './renames.ts';
import type { Rule } from './rule.ts';
import { checkSharedState } from './shared-state.ts';
import { checkShortNames } from './short-names.ts';
import { checkTenantPools } from './tenant-pools.ts';
import { checkTimers } from './timers.ts';

/** Every rule, in no particular order: problems are sorted by place. */
export const rules: readonly Rule[] = [
  checkOrganisation,
  checkApprovers,
  checkSharedState,
  checkPaths,
  checkShortNames,
  checkCloudHosts,
  checkCloudContent,
  checkPlanes,
  checkHostAddresses,
  checkProviderNetworks,
  checkTenantPools,
  checkTimers,
  checkAddressPlan,
  checkEnvironmentNetwork,
  checkEnvironmentCluster,
  checkEnvironmentCapacity,
  checkEnvironmentTimes,
  checkEnvironmentWorker,
  checkEnvironmentAlarms,
  checkEnvironmentEndpoints,
  checkEnvironmentIam,
  checkLadders,
  checkBlueprints,
  checkRenames,
  checkBlueprintsOnClouds,
  checkLeaseReferences,
  checkLeaseDates,
  checkLeaseSizes,
  checkCapacity,
  checkComposedNames,
  checkLinks,
  checkLinkAddresses,
  checkLinkTunnels,
  checkPrices,
];

import { readFile } from 'node:fs/promises';
import { LAB_CLOUD } from './clouds.ts';
import { AUTH_URL, LAB_ENDPOINTS, LAB_REGION } from './endpoints.ts';
import { HYPERVISOR_CAPACITY, VOLUME_CAPACITY_GB } from './hypervisors.ts';
import type { LabLayout } from './layout.ts';
import type { Lab, LabEngine, LabHypervisor } from './types.ts';

export function describeLab(layout: LabLayout, engine: LabEngine, hypervisors: readonly LabHypervisor[]): Lab {
  return {
    directory: layout.directory,
    region: LAB_REGION,
    authUrl: AUTH_URL,
    endpoints: LAB_ENDPOINTS,
    hypervisors,
    hypervisorCapacity: HYPERVISOR_CAPACITY,
    volumeCapacityGb: VOLUME_CAPACITY_GB,
    cloudsFile: layout.clouds,
    cloudName: LAB_CLOUD,
    engine,
    cliConfigFile: layout.cliConfig,
    mirrorDirectory: layout.mirror,
    imageFile: layout.image,
    logDirectory: layout.log,
    environment: {
      OS_CLIENT_CONFIG_FILE: layout.clouds,
      OS_CLOUD: LAB_CLOUD,
      // Provider 1.54.1 uses Octavia only when told; 3.x knows nothing else, and ignores this.
      OS_USE_OCTAVIA: 'true',
      TF_CLI_CONFIG_FILE: layout.cliConfig,
      CHECKPOINT_DISABLE: '1',
    },
  };
}

/** The lab of an `up` that finished, running or not. */
export async function readLab(layout: LabLayout): Promise<Lab | undefined> {
  const text = await readFile(layout.lab, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Lab);
}

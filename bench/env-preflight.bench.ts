import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labStatus } from '../lab/openstack/index.ts';
import { directoryFiles } from '../lib/config/files.ts';
import { loadProject } from '../lib/config/load.ts';
import { requireFit } from '../lib/dev/require-fit.ts';
import { requireEnvironment } from '../lib/dev/workspace.ts';
import { TandemError } from '../lib/errors/tandem-error.ts';
import { OpenStackClient } from '../lib/openstack-api/client.ts';
import { readCloudAccess } from '../lib/openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../lib/openstack-api/openstack-cloud.ts';
import { localJournal } from '../lib/state/local-journal.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './benchmark.ts';
import { noLab } from './lab.ts';
import { leasesProject } from './projects.ts';

const LEASES = 1000;

export const benchmark: Benchmark = {
  title: `the check beforehand with ${LEASES} leases, all pending, against one second`,
  atMost: 1,
  unavailable: noLab,
  async measure(progress) {
    const root = leasesProject(LEASES);
    try {
      const { lab } = await labStatus();
      // A cloud for a thousand leases, whose API the lab answers: it says of each that it is not there yet.
      const file = join(root, 'config/clouds/paris.yaml');
      const aimed = readFileSync(file, 'utf8').replace(/authUrl: .*/, `authUrl: ${lab?.authUrl ?? ''}`);
      writeFileSync(file, aimed);
      const { project } = loadProject(directoryFiles(root));
      if (lab === undefined || project === undefined) throw new Error('no lab, or no project');
      const seconds: number[] = [];
      for (let run = 0; run < 5; run += 1) {
        const environment = requireEnvironment(project, 'lease-0500');
        const access = readCloudAccess(lab.cloudName, { ...process.env, ...lab.environment }, root);
        const client = OpenStackClient.open(access, { cloud: 'paris' });
        const cloud = new OpenStackCloud(client, { name: 'paris', entry: lab.cloudName });
        const started = performance.now();
        const outcome = await requireFit(
          { cloud: () => cloud, journal: localJournal(root) },
          project,
          environment,
        ).then(
          (fit) => `fits, ${fit.pending.length} pending`,
          (error: unknown) => (error instanceof TandemError ? error.code : Promise.reject(error as Error)),
        );
        seconds.push((performance.now() - started) / 1000);
        progress(`${outcome} after ${seconds.at(-1)?.toFixed(2) ?? ''} s`);
      }
      return { measured: median(seconds), yardstick: 1, unit: 's' };
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

/** One operator in a process of its own: deploys one stack with the fake Terraform. `killed-deploy.real.ts` ends it at random moments. */
import { join } from 'node:path';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { localDurations } from '../../../lib/deploy/durations.ts';
import { terraformEngine } from '../../../lib/engines/terraform/terraform-engine.ts';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../lib/state/sealer.ts';
import { sealedStates } from '../../../lib/state/states.ts';
import { localStates } from '../../../lib/state/states-local.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';
import { memoryGit } from '../../lib/git/memory-git.ts';

const [root = '', count = '0', by = 'ops', wait = '0'] = process.argv.slice(2);
const id = 'openstack/lab/base';
const resources = Object.fromEntries(
  Array.from({ length: Number(count) }, (_, index) => [`r${index}`, { input: `${index}` }]),
);
const stack = rootStack(id, {
  terraform: { backend: { local: { path: `../../../.tandem/state/${id}.tfstate` } } },
  resource: { terraform_data: resources },
});
const versions = sealedVersions(localVersions(root), clearSealer);
const states = sealedStates(localStates(root), clearSealer);
const ports = {
  engines: {
    terraform: terraformEngine({
      ...{
        root,
        binary: join(import.meta.dirname, '../../lib/engines/terraform/fake-terraform'),
        environment: process.env,
      },
      kept: { states, versions, operator: by },
      access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: {} }),
    }),
  },
  ...{
    records: localRecords(root),
    journal: localJournal(root),
    locks: localLocks(root),
    lineage: localLineage(root),
    states,
    versions,
  },
  ...{ durations: localDurations(root), git: memoryGit() },
  ...{ synthesize: async () => [], actor: { by: `${by}@here`, host: 'here' }, commit: '', now: () => new Date() },
  close: async () => undefined,
  check: async () => ({ code: 0, said: '' }),
  sleep: async () => undefined,
};
try {
  const { stacks } = await deployStacks(
    ports,
    { project: {} as Project, targets: [{ stack, destroy: false }] },
    {
      ...{ verb: 'deploy', signal: new AbortController().signal, lockTimeoutSeconds: Number(wait) },
      ...{ confirm: async () => true, emit: () => undefined },
    },
  );
  process.stdout.write(JSON.stringify(stacks));
} catch (error) {
  process.stdout.write(
    JSON.stringify(error instanceof TandemError ? { code: error.code, message: error.message } : String(error)),
  );
  process.exitCode = 1;
}

import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { enginePlugins } from '../engines/plugins.ts';
import { commandGit } from '../git/command-git.ts';
import { cacheOf } from '../synthesis/artefact-cache.ts';
import { synthesize } from '../synthesis/synthesize.ts';
import { openBootSecrets } from './boot-secrets/open.ts';
import { localDurations } from './durations.ts';
import { runCheck } from './ladder/run-check.ts';
import type { DeployPorts } from './ports.ts';
import { openProjectSecrets, type ProjectAccess } from './project-secrets.ts';
import { openProjectStores } from './project-stores.ts';

/** The real world: every engine, and the stores that the organisation chose. */
export async function deployPorts(props: ProjectAccess): Promise<DeployPorts> {
  const { root, environment } = props;
  const git = commandGit(root);
  const stores = await openProjectStores(props);
  const { records, journal, locks, lineage, states, versions, terraformEnvironment: stateEnvironment } = stores;
  const operator = actor(environment);
  const access = {
    ...props,
    operator: operator.by,
    records,
    lineage,
    states,
    versions,
    stateEnvironment,
    openSecrets: () => openProjectSecrets(props),
  };
  return {
    engines: Object.fromEntries(enginePlugins().map((plugin) => [plugin.name, plugin.open(access)])),
    ...{ records, journal, locks, lineage, states, versions, git },
    close: () => stores.close(),
    bootSecrets: openBootSecrets(props),
    durations: localDurations(root),
    actor: operator,
    synthesize: (catalogue, only) => synthesize(catalogue, { only, cache: cacheOf(root) }),
    commit: (await git.head()) ?? '',
    now: () => new Date(),
    check: (command, signal) => runCheck(root, environment, command, signal),
    sleep: async (seconds, signal) => {
      await sleep(seconds * 1000, undefined, { signal });
    },
  };
}

/** Who acts, as locks, journals and records tell it. */
export function actor(environment: NodeJS.ProcessEnv): DeployPorts['actor'] {
  const host = hostname();
  const user = environment['TANDEM_USER'] ?? userInfo().username;
  return { by: `${user}@${host}`, host };
}

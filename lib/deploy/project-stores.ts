import type { Project } from '../config/project.ts';
import { openStores, type Stores } from '../state/open-stores.ts';
import { openProjectSecrets } from './project-secrets.ts';

export interface ProjectStoresProps {
  /** The project's root. */
  readonly root: string;
  readonly project: Project;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Records, journal and locks where the project's organisation keeps them, opened with its secrets.
 * @throws TandemError `state-backend-incomplete`, `no-such-secret`
 */
export async function openProjectStores(props: ProjectStoresProps): Promise<Stores> {
  const { root, project, environment } = props;
  const { state } = project.organisation.value;
  return await openStores({ root, state, environment, secrets: await openProjectSecrets(props) });
}

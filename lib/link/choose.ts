import type { Named, Project } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Environment } from '../config/schema/environment.ts';
import type { Link } from '../config/schema/link.ts';
import { linkNotNamed, linkUnknown } from './errors.ts';

/** A link and what it joins. */
export interface LinkAndSides {
  readonly link: Named<Link>;
  readonly cloud: Named<Cloud>;
  readonly environment: Named<Environment>;
}

/** The link of that name, or the only one there is. Pure. @throws TandemError `link-unknown`, `link-not-named` */
export function chooseLink(project: Pick<Project, 'links' | 'clouds' | 'environments'>, name?: string): LinkAndSides {
  const known = [...project.links.keys()].sort();
  const only = known.length === 1 ? known[0] : undefined;
  const chosen = name ?? only;
  if (chosen === undefined) throw linkNotNamed(known);
  const link = project.links.get(chosen);
  const cloud = project.clouds.get(link?.value.cloud ?? '');
  const environment = project.environments.get(link?.value.environment ?? '');
  // What it names is there: the configuration was checked.
  if (link === undefined || cloud === undefined || environment === undefined) throw linkUnknown(chosen, known);
  return { link, cloud, environment };
}

import type { Entity, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { noSuchCloud } from '../errors.ts';

/** The cloud that is named, else the organisation's `defaultCloud`. @throws TandemError `no-such-cloud` */
export function chooseCloud(project: Project, name: string | undefined): Entity<Cloud> {
  const wanted = name ?? project.organisation.value.defaultCloud;
  const cloud = project.clouds.get(wanted);
  if (cloud === undefined) throw noSuchCloud(wanted, [...project.clouds.keys()]);
  return cloud;
}

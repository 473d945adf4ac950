import type { Entity, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { noSuchCloud } from '../errors.ts';

/** The cloud that is named; else the first of several hosts, else the organisation's. @throws TandemError `no-such-cloud` */
export function chooseCloud(project: Project, name: string | undefined): Entity<Cloud> {
  const clouds = [...project.clouds.values()];
  const wanted =
    name ?? clouds.find(({ value }) => value.vips !== undefined)?.name ?? project.organisation.value.defaultCloud;
  const cloud = project.clouds.get(wanted);
  if (cloud === undefined) throw noSuchCloud(wanted, [...project.clouds.keys()]);
  return cloud;
}

import type { Entity, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { chooseCloud } from '../topology/choose-cloud.ts';
import { notKolla } from './errors.ts';

/** What a cloud says of its deployment. */
export type KollaSettings = NonNullable<Cloud['kolla']>;
export type KollaCloud = Entity<Cloud & { readonly kolla: KollaSettings }>;

/** A cloud that Kolla-Ansible deploys. @throws TandemError `no-such-cloud`, `not-kolla` */
export function chooseKollaCloud(project: Project, name: string | undefined): KollaCloud {
  const cloud = chooseCloud(project, name);
  const others = [...project.clouds.values()].filter(isKolla);
  if (!isKolla(cloud))
    throw notKolla(
      cloud.name,
      others.map((each) => each.name),
    );
  return cloud;
}

function isKolla(cloud: Entity<Cloud>): cloud is KollaCloud {
  return cloud.value.kolla !== undefined;
}

import type { Project } from '../../config/project.ts';
import { compile } from '../failure/model.ts';
import { placeLeases } from '../placement/placement.ts';
import { topologyOf } from '../topology/topology.ts';
import { drawCloud } from './draw.ts';

/** The pictures of the documentation by path: each cloud with a VIP, as it is, and with its second rack off. */
export function pictureFiles(project: Project): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, { value }] of project.clouds) {
    const topology = topologyOf(name, value);
    const rack = topology.racks[1];
    if (rack === undefined || value.vips === undefined) continue;
    const inputs = { model: compile(value, topology), placement: placeLeases(project, name) };
    files.set(`docs/pictures/${name}.svg`, drawCloud(value, inputs));
    files.set(`docs/pictures/${name}-rack-${rack}-off.svg`, drawCloud(value, inputs, [{ kind: 'rack', name: rack }]));
  }
  return files;
}

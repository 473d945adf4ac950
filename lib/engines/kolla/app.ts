import { renderTree } from '../../private-cloud/kolla/render.ts';
import type { StackId } from '../../stack/id.ts';
import type { Artefact } from '../definition.ts';
import type { KollaDefinition } from './catalogue.ts';

/** The trees of clouds that Kolla-Ansible deploys, as JSON: content by path. */
export function synthesizeKolla(definitions: readonly KollaDefinition[]): Map<StackId, Artefact> {
  const artefacts = new Map<StackId, Artefact>();
  for (const definition of definitions) {
    const { cloud } = definition.inputs;
    const { files, citations } = renderTree(cloud.name, cloud.value);
    artefacts.set(definition.id, { text: JSON.stringify(files, null, 1), citations });
  }
  return artefacts;
}

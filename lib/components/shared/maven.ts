import type { Artefact } from '../../bring-up/component.ts';

/**
 * A jar of Maven Central, as a file in a folder.
 *
 * @param coordinates `group:artifact:version` or `group:artifact:version:classifier`
 * @param sha256 in hexadecimal digits
 */
export function mavenJar(coordinates: string, sha256: string, folder: string): Artefact {
  const [group = '', artifact = '', version = '', classifier] = coordinates.split(':');
  const file = [artifact, version, ...(classifier === undefined ? [] : [classifier])].join('-');
  const path = [...group.split('.'), artifact, version, `${file}.jar`].join('/');
  return { from: 'maven', path, sha256, to: `${folder}/${file}.jar` };
}

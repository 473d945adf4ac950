import type { Artefact } from '../../bring-up/component.ts';

export interface Coordinates {
  /** Folder of the group, e.g. `org/apache/cassandra`. */
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly classifier: string | undefined;
  /** Name of the jar. */
  readonly file: string;
}

/** @param text `group:artifact:version` or `group:artifact:version:classifier` */
export function coordinatesIn(text: string): Coordinates {
  const [group = '', artifact = '', version = '', classifier] = text.split(':');
  const file = `${[artifact, version, ...(classifier === undefined ? [] : [classifier])].join('-')}.jar`;
  return { group: group.replaceAll('.', '/'), artifact, version, classifier, file };
}

/**
 * A jar of Maven Central, as a file in a folder.
 *
 * @param coordinates as `coordinatesIn` takes them
 * @param sha256 in hexadecimal digits
 */
export function mavenJar(coordinates: string, sha256: string, folder: string): Artefact {
  const { group, artifact, version, file } = coordinatesIn(coordinates);
  return { from: 'maven', path: `${group}/${artifact}/${version}/${file}`, sha256, to: `${folder}/${file}` };
}

import { defineComponent } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { heapMiB, JAVA_PACKAGE } from '../shared/heap.ts';
import { DATA, jvmServiceFiles } from './files.ts';
import { JVM_SERVICE_HEAP, type JvmServiceSettings, jvmServiceFindings, jvmServiceSettings } from './settings.ts';

/** A service of one's own on the JVM: without state, so that any server may go at any time. */
export const jvmService = defineComponent<JvmServiceSettings>({
  name: 'jvm-service',
  title: 'JVM service',
  description:
    'A service or worker of your own on the JVM, without state: a jar by its checksum, or a program of the image.',
  version: 'OpenJDK 17',
  home: 'https://openjdk.org/projects/jdk/17/',
  evidence: 'Two servers took another release in turn, never both away, and refused one with a wrong checksum.',
  settings: jvmServiceSettings,
  install: { packages: [JAVA_PACKAGE, 'ca-certificates', 'curl'], users: ['jvm-service'] },
  ports: ({ port }) => [{ name: 'http', port, protocol: 'tcp', from: 'clients' }],
  peers: ({ connects }) => [...new Set(Object.values(connects).map(({ tier }) => tier))].sort(),
  values: (inputs) => {
    const { jar, variables } = inputs.settings;
    return {
      heapMiB: heapMiB(inputs, JVM_SERVICE_HEAP),
      ...(jar === undefined ? {} : { jarUrl: jar.url, jarSha256: jar.sha256 }),
      ...Object.fromEntries(Object.entries(variables).map(([name, text]) => [`variable-${name}`, text])),
    };
  },
  files: jvmServiceFiles,
  units: () => ['jvm-service.service'],
  health: ({ port, healthPath }) =>
    `curl --fail --silent --show-error --output /dev/null --max-time 5 http://${SELF.address}:${port}${healthPath}`,
  data: [{ path: DATA, owner: 'jvm-service:jvm-service' }],
  hooks: {},
  check: jvmServiceFindings,
});

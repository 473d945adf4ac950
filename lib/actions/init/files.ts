import { gitHubWorkflows } from './ci/github.ts';
import { gitLabPipeline } from './ci/gitlab.ts';

/** What `tandem init` writes: a pure function of the answers. */

export type Ci = 'github' | 'gitlab';

export interface InitAnswers {
  /** Short name, part of every resource's name. */
  readonly organisation: string;
  /** Whom to ask, an e-mail address. */
  readonly contact: string;
  /** Name of the first private cloud. */
  readonly cloud: string;
  /** The first AWS environment. @default - none */
  readonly environment?: {
    readonly name: string;
    /** Twelve digits. */
    readonly account: string;
    readonly region: string;
  };
  /** Whose workflows are written. @default - none */
  readonly ci?: Ci | undefined;
  /** Of Tandem, for a package.json that is not there yet. */
  readonly version: string;
}

const schema = (name: string, up: string) =>
  `# yaml-language-server: $schema=${up}node_modules/tandem/docs/reference/schema/${name}.schema.json\n`;

const organisationFile = ({ organisation, contact, cloud }: InitAnswers) => `${schema('tandem', '../')}organisation:
  name: ${organisation}
  contact: ${contact}

# Cloud of a dev environment that names none.
defaultCloud: ${cloud}

# In .tandem of this checkout. Before a second person deploys: s3 or pg, with a section of its own.
state: { backend: local }
`;

const cloudFile = ({ organisation, contact, cloud }: InitAnswers) => `${schema('cloud', '../../')}endpoint:
  authUrl: https://${cloud}.${organisation}.example.org:5000/v3
  # Entry of the operator's clouds.yaml that holds the credentials.
  cloudsYaml: ${cloud}

layout: starter

racks: { a: {} }

hardware:
  server: { vcpus: 32, memoryGiB: 128, diskGiB: 2048 }

hosts:
  control: { rack: a, roles: [control, network, storage], hardware: server, firstAddress: 10.10.0.10 }
  compute: { rack: a, roles: [compute], hardware: server, firstAddress: 10.10.0.20 }

planes:
  internal: { cidr: 10.10.0.0/24, interface: eth0 }

zones:
  a: { racks: [a] }

storage:
  backend: lvm
  replicas: 1
  failureDomain: host
  usableGiB: 1024
  volumeTypes: { standard: {} }

networks: {}
tenants: {}

dns:
  zone: ${cloud}.${organisation}.example.org
  email: ${contact}

images: {}

flavors:
  small: { vcpus: 1, memoryMiB: 2048, diskGiB: 20 }
`;

const environmentFile = ({ account, region }: NonNullable<InitAnswers['environment']>) =>
  `${schema('environment-layer', '../../')}aws:
  account: "${account}"
  region: ${region}
  role: tandem-deploy
  zones: [a, b]

cluster:
  network:
    cidr: 10.32.0.0/21
  instances:
    architecture: arm64
    types: [c7g.xlarge, m7g.xlarge]
    imageParameter: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64
  worker:
    # What an instance runs for each job.
    command: [/opt/jobs/run]
    timeoutSeconds: 900
  capacity:
    minimum: 0
    maximum: 4
  scaling:
    backlogPerInstance: 10
    warmupSeconds: 120
  budget:
    monthlyUsd: 100
`;

const approversFile = `# yaml-language-server: $schema=../node_modules/tandem/docs/reference/schema/approvers.schema.json
# Who approves bundles, and with which keys. While nobody here has a key, \`tandem deploy\` asks and needs no approval. With the first key,
# what the rules say must be approved is deployed from an approved bundle alone.
#
# people:
#   alice:
#     email: alice@example.org
#     keys: [ssh-ed25519 AAAA… alice@laptop]      # the line of ~/.ssh/id_ed25519.pub
people: {}
`;

/** What must not be committed. */
const IGNORED: readonly string[] = ['node_modules/', '.tandem/', 'cdk.out/', 'cdktf.out/', 'kolla.out/'];

/** Content by path, relative to the project's folder. */
export function initialFiles(answers: InitAnswers): Record<string, string> {
  const { organisation, environment, cloud, version } = answers;
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'config/tandem.yaml': organisationFile(answers),
    [`config/clouds/${cloud}.yaml`]: cloudFile(answers),
    ...(environment === undefined
      ? {}
      : { [`config/environments/${environment.name}.yaml`]: environmentFile(environment) }),
    'config/approvers.yaml': approversFile,
    'cdk.json': json({ app: 'npx tandem-app aws', versionReporting: false, notices: false }),
    'cdktf.json': json({
      language: 'typescript',
      app: 'npx tandem-app openstack',
      projectId: organisation,
      sendCrashReports: 'false',
    }),
    'package.json': json({
      name: `${organisation}-clouds`,
      private: true,
      type: 'module',
      dependencies: { tandem: version },
    }),
    '.gitignore': `${IGNORED.join('\n')}\n`,
    ...ciFiles(answers.ci),
  };
}

/** Workflows of a CI system: a plan on a request, one comment, and the deployment of a bundle. */
export function ciFiles(ci: Ci | undefined): Readonly<Record<string, string>> {
  return ci === undefined ? {} : ci === 'github' ? gitHubWorkflows : gitLabPipeline;
}

/** A .gitignore that is there already, with the lines that it lacks; undefined where it lacks none. */
export function withIgnored(text: string): string | undefined {
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, '')));
  const missing = IGNORED.filter((line) => !lines.has(line) && !lines.has(line.slice(0, -1)));
  if (missing.length === 0) return undefined;
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`;
}

/** A program that is no npm package, with the file that says its version. */
export interface Program {
  readonly name: string;
  readonly path: string;
  /** Finds the version, as its first group. */
  readonly version: RegExp;
  readonly reason: string;
}

const PYTHON = 'test/real/aws/python-tools.ts';

export const PROGRAMS: readonly Program[] = [
  {
    name: 'Terraform or OpenTofu',
    path: 'lib/openstack/tandem-terraform-stack.ts',
    version: /'terraform\.required_version', '([^']+)'/,
    reason: 'plans and applies the OpenStack side; of the machine that deploys',
  },
  {
    name: 'the OpenStack provider',
    path: 'packages/provider-openstack/scripts/sources.mts',
    version: /versionConstraint = '([^']+)'/,
    reason: 'of Terraform; the bindings offer what the oldest and the newest share',
  },
  {
    name: 'Kolla-Ansible',
    path: 'lib/private-cloud/kolla/data/release.json',
    version: /"version": "([^"]+)"/,
    reason: 'deploys the private cloud; groups, variables and containers are those of this release',
  },
  {
    name: 'Node.js on workers',
    path: 'lib/aws/worker-node.ts',
    version: /VERSION = '([^']+)'/,
    reason: 'runs the worker agent on instances of AWS',
  },
  {
    name: 'Consul',
    path: 'lib/components/consul/install.ts',
    version: /CONSUL_VERSION = '([^']+)'/,
    reason: 'discovery in leases and over a link, fetched by its checksum',
  },
  {
    name: 'OpenTofu in the lab',
    path: 'lab/openstack/engine/go.mod',
    version: /opentofu\/opentofu v(\S+)/,
    reason: 'built where a machine has neither Terraform nor OpenTofu',
  },
  {
    name: 'the OpenStack provider in the lab',
    path: 'lab/openstack/provider/go.mod',
    version: /terraform-provider-openstack v(\S+)/,
    reason: 'the newest that builds from source where no registry of providers is reached',
  },
  {
    name: 'versitygw',
    path: 'test/real/support/s3-server.ts',
    version: /VERSION = 'v([^']+)'/,
    reason: 'S3 with conditional writes, for tests of state in S3',
  },
  {
    name: 'actionlint',
    path: 'test/real/aws/go-tools.ts',
    version: /ACTIONLINT = '([^']+)'/,
    reason: 'checks the workflows that `init --ci github` writes',
  },
  { name: 'cfn-lint', path: PYTHON, version: /cfn-lint\[sarif\]==([^']+)'/, reason: 'checks the AWS templates' },
  { name: 'checkov', path: PYTHON, version: /checkov==([^']+)'/, reason: 'finds what `plan --sarif-in` takes in' },
  {
    name: 'moto',
    path: PYTHON,
    version: /moto: '([^']+)'/,
    reason: 'another emulator of AWS: Secrets Manager of a test, and the differences to ours',
  },
  {
    name: 'MiniStack',
    path: PYTHON,
    version: /ministack: '([^']+)'/,
    reason: 'another emulator, for the differences to ours',
  },
  {
    name: 'in-toto-attestation',
    path: PYTHON,
    version: /in-toto-attestation==([^']+)'/,
    reason: 'reads attestations by code that is not ours; securesystemslib verifies their signatures',
  },
];

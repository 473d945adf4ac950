import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import type { Project } from '../../../lib/config/project.ts';
import { cloudFormationStacks } from '../../../lib/engines/cloudformation/catalogue.ts';
import { artefactName, partsOf } from '../../../lib/stack/id.ts';
import { writeArtefacts } from '../../../lib/synthesis/write.ts';
import { ClusterStack } from '../../../stacks/aws/cluster-stack.ts';
import { LinkStack } from '../../../stacks/aws/link-stack.ts';
import { NetworkStack } from '../../../stacks/aws/network-stack.ts';
import { filledWith } from '../../properties/filled.ts';
import { HOSTILE_TEXTS } from '../../properties/payloads.ts';
import { appWith, clusterInputsOf, environments, inputsOf, linkInputsOf } from '../../stacks/aws/environments.ts';
import { root, temporaryFolder } from '../../stacks/folders.ts';
import { pythonTools } from './python-tools.ts';

/** What checkov finds, on which type, and why it stays. One that meets nothing any more fails, and so does a finding without one. */
const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  'CKV_AWS_18 AWS::S3::Bucket':
    'Server access logs are best effort and would double the objects written; CloudTrail, set up once for all buckets, says who did what.',
  'CKV_AWS_116 AWS::Lambda::Function':
    'A minute of the scaler that failed is followed by the next one, and an alarm tells of it: nobody would read a dead letter.',
  'CKV_AWS_117 AWS::Lambda::Function':
    'The scaler calls the public end points of AWS and nothing else; inside the VPC it would stop with the network that it scales.',
  'CKV_AWS_173 AWS::Lambda::Function':
    "Names and numbers that its template shows anyway, encrypted with Lambda's own key.",
  'CKV_AWS_28 AWS::DynamoDB::Table':
    'What a heartbeat says is over after 45 seconds, and of jobs the queues and the results are the truth: there is nothing to recover.',
};

/** The templates that ship: staging's and prod's. */
async function shippedTemplates(): Promise<string[]> {
  const { project } = loadAndCheck(directoryFiles(root), new Date());
  return await templatesIn(project!, ['staging', 'prod']);
}

/** One for each stack of these environments, so that none is left out. */
async function templatesIn(project: Project, names: readonly string[]): Promise<string[]> {
  const folder = temporaryFolder();
  await writeArtefacts(project, folder, [...names]);
  const files = templatesBelow(join(folder, 'cdk.out'));
  const stacks = cloudFormationStacks(project).filter(({ id }) => names.includes(partsOf(id).environment ?? ''));
  expect(files.map((file) => basename(file, '.template.json')).sort()).toEqual(
    stacks.map(({ id }) => artefactName(id)).sort(),
  );
  return files;
}

/** Those of the tests' environments: the least, and every choice that adds something. */
function testTemplates(): string[] {
  const outdir = temporaryFolder();
  const app = appWith({ outdir, builtinCloudFormationValidation: false });
  for (const name of Object.keys(environments) as (keyof typeof environments)[]) {
    new NetworkStack(app, inputsOf(name));
    new ClusterStack(app, clusterInputsOf(name));
    new LinkStack(app, linkInputsOf(name));
  }
  const { stacks } = app.synth();
  const files = templatesBelow(outdir);
  expect(files).toHaveLength(stacks.length);
  return files;
}

function templatesBelow(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => join(folder, file));
}

/** Those of a configuration with hostile text in every field. */
async function hostileTemplates(): Promise<string[]> {
  const projects = Object.values(HOSTILE_TEXTS).map((text) => templatesIn(filledWith(text), ['prod']));
  return (await Promise.all(projects)).flat();
}

let bin: string;
beforeAll(() => {
  bin = pythonTools();
});

describe('every template', () => {
  test('has nothing that cfn-lint would say', async () => {
    const files = [...testTemplates(), ...(await shippedTemplates()), ...(await hostileTemplates())];
    const { stdout, stderr } = spawnSync(join(bin, 'cfn-lint'), ['--format', 'parseable', '--template', ...files], {
      encoding: 'utf8',
    });
    // It takes hostile text for a forgotten substitution, and so says that CloudFormation would not substitute it.
    const said = (stdout + stderr)
      .split('\n')
      .filter((line) => line !== '' && !/E1029.*outside of an "Fn::Sub"/.test(line));
    expect(said).toEqual([]);
  });

  test('has nothing unexplained that checkov would say', async () => {
    const files = [...testTemplates(), ...(await shippedTemplates())].flatMap((file) => ['--file', file]);
    const args = ['--framework', 'cloudformation', '--skip-download', '--quiet', '--output', 'json', ...files];
    const { stdout } = spawnSync(join(bin, 'checkov'), args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const { results, summary } = JSON.parse(stdout) as Report;
    expect(summary.passed).toBeGreaterThan(100);
    const found = results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource.split('.')[0] ?? ''}`);
    expect([...new Set(found)].sort()).toEqual(Object.keys(ACKNOWLEDGED).sort());
  });
});

interface Report {
  readonly summary: { readonly passed: number };
  readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}

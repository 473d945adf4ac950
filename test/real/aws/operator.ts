import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { labCredentials, labEnvironment } from '../../../lab/aws/index.ts';

const project = join(import.meta.dirname, '../../..');

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly log: string;
}

/** An operator's checkout of the shipped configuration, with credentials of one account. */
export interface AwsOperator {
  readonly root: string;
  /** Runs `tandem` there, as the operator would. */
  tandem(...args: string[]): Promise<Run>;
  /** The same, giving stdout. @throws Error with its log where it fails */
  ok(...args: string[]): Promise<string>;
  /** Starts it, and kills it as soon as its progress matches. */
  killedAt(progress: RegExp, ...args: string[]): Promise<Run>;
  /** Changes a file of the configuration. */
  edit(file: string, change: (text: string) => string): void;
  /** Another checkout with other variables, on the same state. */
  as(variables: Readonly<Record<string, string>>): AwsOperator;
  /** The text of every file that Tandem keeps. */
  kept(): string;
  remove(): void;
}

/** @param hasLinks keeps links, which wait for their private cloud, which is not here @default false */
export function openOperator(url: string, account: string, region: string, hasLinks = false): AwsOperator {
  const root = mkdtempSync(join(tmpdir(), 'tandem-aws-'));
  cpSync(join(project, 'config'), join(root, 'config'), { recursive: true });
  rmSync(join(root, 'config/dev'), { recursive: true, force: true });
  if (!hasLinks) rmSync(join(root, 'config/links'), { recursive: true, force: true });
  // Paths of assets are relative to the project.
  symlinkSync(join(project, 'packages'), join(root, 'packages'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Operator');
  git('config', 'user.email', 'ops@example.org');
  git('add', 'config');
  git('commit', '-q', '-m', 'begin');
  return toOperator(root, labEnvironment(url, account, region));
}

function toOperator(root: string, variables: Readonly<Record<string, string>>): AwsOperator {
  const run = async (args: readonly string[], kill?: RegExp): Promise<Run> => {
    const argv = ['--disable-warning=ExperimentalWarning', join(project, 'lib/cli/main.ts'), ...args];
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, argv, { cwd: root, env: { PATH, HOME, NO_COLOR: '1', ...variables } });
    let [out, log] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (kill?.test(log) === true) child.kill('SIGKILL');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, log };
  };
  return {
    root,
    tandem: (...args) => run(args),
    async ok(...args) {
      const { code, out, log } = await run(args);
      if (code !== 0) throw new Error(`tandem ${args.join(' ')} ended with ${code}: ${log.slice(-3000)}`);
      return out;
    },
    killedAt: (progress, ...args) => run(args, progress),
    edit(file, change) {
      const path = join(root, file);
      const before = readFileSync(path, 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`the edit of ${file} changes nothing`);
      writeFileSync(path, after);
    },
    as: (others) => toOperator(root, { ...variables, ...others }),
    kept: () => filesBelow(join(root, '.tandem')).join('\n'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'));
}

/** What an account's administrator does once: the role that deploys, from the template that the documentation ships. */
export function createDeployRole(url: string, account: string, region: string): Promise<void> {
  return createStack(url, account, region, 'tandem-deploy-role', 'docs/examples/aws/deploy-role.json');
}

/** What `cdk bootstrap` makes, from the template that it has; the command itself, which takes ten times as long, is run in cdk-cli and deploy. */
export function createBootstrap(url: string, account: string, region: string): Promise<void> {
  const template = 'node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml';
  return createStack(url, account, region, 'CDKToolkit', template, {
    // As the command says where no key of one's own is asked for.
    FileAssetsBucketKmsKeyId: 'AWS_MANAGED_KEY',
    CloudFormationExecutionPolicies: 'arn:aws:iam::aws:policy/AdministratorAccess',
  });
}

/** Consul's archives, as somebody else has published them: nothing is fetched then. Nobody reads what is in them. */
export async function publishConsul(url: string, account: string, region: string): Promise<void> {
  const client = new S3Client({ endpoint: url, region, credentials: labCredentials(account), forcePathStyle: true });
  const Bucket = `cdk-hnb659fds-assets-${account}-${region}`;
  // A smaller one counts as an empty archive.
  for (const machine of ['amd64', 'arm64'])
    await client.send(
      new PutObjectCommand({ Bucket, Key: `tandem-consul-1.14.4-${machine}.zip`, Body: 'Consul'.repeat(9) }),
    );
  client.destroy();
}

async function createStack(
  url: string,
  account: string,
  region: string,
  StackName: string,
  template: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<void> {
  const client = new CloudFormationClient({ endpoint: url, region, credentials: labCredentials(account) });
  const TemplateBody = readFileSync(join(project, template), 'utf8');
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ...{ ParameterKey, ParameterValue },
  }));
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
  client.destroy();
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { memoryFiles } from '../../config/files.ts';
import { loadChecked } from '../../private-cloud/checks/load-checked.ts';
import type { ActionContext } from '../context.ts';
import { versionOfTandem } from '../version.ts';
import { initialAnswerInvalid, initialAnswerMissing, wouldOverwrite } from './errors.ts';
import { type Ci, ciFiles, type InitAnswers, initialFiles, withIgnored } from './files.ts';

export interface InitOptions {
  readonly organisation?: string | undefined;
  /** @default - ops@ORGANISATION.example.org, to be edited */
  readonly contact?: string | undefined;
  readonly cloud?: string | undefined;
  /** @default - none */
  readonly environment?: string | undefined;
  /** Needed with an environment. */
  readonly account?: string | undefined;
  /** @default - eu-west-3 */
  readonly region?: string | undefined;
  /** Writes workflows too; in a project that is there already, these alone. @default - none */
  readonly ci?: Ci | undefined;
}

export interface InitResult {
  readonly folder: string;
  /** Relative to the folder, in the order of writing. */
  readonly files: readonly string[];
}

/**
 * Makes a project in a folder: the smallest configuration that validates, and what both CDKs, git and CI need.
 * @throws TandemError `init-answer-missing`, `init-answer-invalid`, `init-would-overwrite`
 */
export async function init(
  context: Pick<ActionContext, 'folder' | 'io' | 'now'>,
  options: InitOptions,
): Promise<InitResult> {
  const { folder } = context;
  const { ci } = options;
  if (ci !== undefined && existsSync(join(folder, 'config/tandem.yaml'))) return write(folder, ciFiles(ci));
  // Asked before the questions: nobody likes to answer for nothing.
  refuse(folder, ['config/tandem.yaml', 'cdk.json', 'cdktf.json']);
  const files = initialFiles(await answersOf(context, options));
  if (existsSync(join(folder, 'package.json'))) delete files['package.json'];
  const ignored = join(folder, '.gitignore');
  if (existsSync(ignored)) {
    const { '.gitignore': _, ...others } = files;
    refuse(folder, Object.keys(others));
    const extended = withIgnored(readFileSync(ignored, 'utf8'));
    if (extended === undefined) delete files['.gitignore'];
    else files['.gitignore'] = extended;
  } else refuse(folder, Object.keys(files));
  const { problems } = loadChecked(memoryFiles(files), context.now());
  const errors = problems.filter(({ severity }) => severity === 'error');
  // What is wrong with the organisation is wrong in what is made from it as well.
  const first = errors.find(({ file }) => file === 'config/tandem.yaml') ?? errors[0];
  if (first !== undefined) throw initialAnswerInvalid(first);
  return write(folder, files, ['.gitignore']);
}

/** Nothing is written where one is there already. @param may - Files that are written over */
function write(folder: string, files: Readonly<Record<string, string>>, may: readonly string[] = []): InitResult {
  refuse(
    folder,
    Object.keys(files).filter((file) => !may.includes(file)),
  );
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return { folder, files: Object.keys(files) };
}

function refuse(folder: string, files: readonly string[]): void {
  const there = files.filter((file) => existsSync(join(folder, file)));
  if (there.length > 0) throw wouldOverwrite(folder, there);
}

async function answersOf({ io }: Pick<ActionContext, 'io'>, options: InitOptions): Promise<InitAnswers> {
  const answer = async (flag: string, given: string | undefined, question: string): Promise<string> => {
    const value = given ?? (await io.text(question));
    if (value === undefined || value === '') throw initialAnswerMissing(flag);
    return value;
  };
  const organisation = await answer('organisation', options.organisation, 'Short name of the organisation');
  const cloud = await answer('cloud', options.cloud, 'Name of the private cloud');
  // Where nothing was said about AWS and somebody can answer; an empty answer is none.
  const environment = options.environment ?? (await io.text('Name of an AWS environment (empty for none)'));
  const common = {
    organisation,
    cloud,
    version: versionOfTandem(),
    ci: options.ci,
    contact: options.contact ?? `ops@${organisation}.example.org`,
  };
  if (environment === undefined || environment === '') return common;
  const account = await answer('account', options.account, `AWS account of ${environment}, twelve digits`);
  return { ...common, environment: { name: environment, account, region: options.region ?? 'eu-west-3' } };
}

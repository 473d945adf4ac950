import { join } from 'node:path';
import { execa } from 'execa';
import { labEnvironment } from '../../../lab/aws/index.ts';

const root = join(import.meta.dirname, '../../..');
const bin = join(root, 'node_modules/.bin');

export interface CdkResult {
  readonly exitCode: number | undefined;
  /** Both streams, as a terminal would show them. */
  readonly output: string;
}

export interface CdkOptions {
  readonly url: string;
  readonly account: string;
  /** Working folder with a cdk.json, or an app's command in `app`. */
  readonly app?: string;
  readonly output: string;
  /** @default - the project */
  readonly cwd?: string;
  readonly variants?: Readonly<Record<string, string>>;
}

/** Runs the real CDK CLI against the endpoint and nothing else. */
export async function cdk(args: readonly string[], options: CdkOptions): Promise<CdkResult> {
  const variants = Object.entries(options.variants ?? {}).map(([name, value]) => [`VARIANT_${name}`, value] as const);
  const result = await execa(
    join(bin, 'cdk'),
    [...args, '--output', options.output, ...(options.app ? ['--app', options.app] : [])],
    {
      cwd: options.cwd ?? root,
      all: true,
      reject: false,
      extendEnv: false,
      env: {
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        HOME: options.output,
        CI: '1',
        NO_COLOR: '1',
        ...labEnvironment(options.url, options.account, 'eu-west-3'),
        ...Object.fromEntries(variants),
      },
    },
  );
  return { exitCode: result.exitCode, output: result.all };
}

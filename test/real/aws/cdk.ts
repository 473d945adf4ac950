import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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
  const child = spawn(
    join(bin, 'cdk'),
    [...args, '--output', options.output, ...(options.app ? ['--app', options.app] : [])],
    {
      cwd: options.cwd ?? root,
      stdio: ['ignore', 'pipe', 'pipe'],
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
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode: exitCode ?? undefined, output };
}

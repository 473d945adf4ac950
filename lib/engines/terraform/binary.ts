import { execFile } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../processes/child-environment.ts';
import { noTerraform, programNotAbsolute, terraformTooOld } from './errors.ts';

/** The program that plans and applies: Terraform or OpenTofu. */
export interface Binary {
  readonly program: string;
  readonly flavour: 'terraform' | 'opentofu';
  readonly version: string;
}

/** As `terraform.required_version` of every artefact says. */
const LEAST = '1.6.0';

/**
 * Finds the program: the environment's TANDEM_TERRAFORM, then the setting, then `terraform`, then `tofu` on the path.
 * @throws TandemError `no-terraform`, `terraform-too-old`, `program-not-absolute`
 */
export async function findBinary(setting: string, environment: NodeJS.ProcessEnv): Promise<Binary> {
  const named = fromOperator(environment['TANDEM_TERRAFORM']) ?? (setting === 'auto' ? '' : setting);
  const candidates = named === '' ? ['terraform', 'tofu'] : [named];
  for (const program of candidates) {
    const answer = await versionOf(program, environment);
    if (answer === undefined) continue;
    if (answer.version.localeCompare(LEAST, 'en', { numeric: true }) < 0)
      throw terraformTooOld(program, answer.version, LEAST);
    return { program, ...answer };
  }
  throw noTerraform(candidates);
}

/** A relative path would be looked for wherever a command runs. @throws TandemError `program-not-absolute` */
function fromOperator(named: string | undefined): string | undefined {
  if (named !== undefined && /[\\/]/.test(named) && !isAbsolute(named)) throw programNotAbsolute(named);
  return named;
}

async function versionOf(program: string, environment: NodeJS.ProcessEnv) {
  const env = { ...childEnvironment('cloud-tool', environment), CHECKPOINT_DISABLE: '1' };
  try {
    const { stdout } = await promisify(execFile)(program, ['version'], { env, timeout: 30_000 });
    const [, name = '', version = ''] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)/.exec(stdout) ?? [];
    return version === ''
      ? undefined
      : { flavour: name === 'OpenTofu' ? ('opentofu' as const) : ('terraform' as const), version };
  } catch {
    return undefined;
  }
}

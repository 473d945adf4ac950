import { childEnvironment } from '../../processes/child-environment.ts';

/** What the operator's environment, or a cloud's configuration, says about how to reach a cloud. */
export interface TerraformAccess {
  /** clouds.yaml with the credentials; absolute, since Terraform runs in a folder of its own. */
  readonly cloudsFile: string | undefined;
  /** Terraform's CLI configuration. @default - the operator's own */
  readonly cliConfigFile: string | undefined;
  /** Secrets for the process's environment alone: who calls the cloud, and how the state's back end is reached. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** The environment that Terraform runs in. Pure. */
export function terraformEnvironment(
  operator: NodeJS.ProcessEnv,
  access: TerraformAccess,
  pluginCache: string,
): Record<string, string> {
  return {
    TF_PLUGIN_CACHE_DIR: pluginCache,
    // Without a lock file of its own yet, a fresh root may use what the cache has.
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
    ...childEnvironment('cloud-tool', operator),
    ...(access.cloudsFile === undefined ? {} : { OS_CLIENT_CONFIG_FILE: access.cloudsFile }),
    ...(access.cliConfigFile === undefined ? {} : { TF_CLI_CONFIG_FILE: access.cliConfigFile }),
    ...access.secrets,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // Provider 1.54.1 speaks to Octavia only where this says so; 3.x knows nothing else.
    OS_USE_OCTAVIA: 'true',
  };
}

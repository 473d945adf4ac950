/** What the operator's environment, or a cloud's configuration, says about how to reach a cloud. */
export interface TerraformAccess {
  /** clouds.yaml with the credentials; absolute, since Terraform runs in a folder of its own. */
  readonly cloudsFile: string | undefined;
  /** Terraform's CLI configuration. @default - the operator's own */
  readonly cliConfigFile: string | undefined;
  /** Secrets for the process's environment alone: who calls the cloud, and how the state's back end is reached. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Variables of OpenStack that say where to look. All others could lead elsewhere than the stack's own provider block says. */
const OPENSTACK_KEPT = new Set(['OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE']);
/** Variables of Terraform that would change what is planned, or write secrets to a log. */
const TERRAFORM_DROPPED =
  /^TF_(?:VAR_|CLI_ARGS|WORKSPACE$|DATA_DIR$|LOG|INPUT$|STATE_PERSIST|REATTACH_PROVIDERS$|ENCRYPTION$)/;

/** The environment that Terraform runs in. Pure. */
export function terraformEnvironment(
  operator: NodeJS.ProcessEnv,
  access: TerraformAccess,
  pluginCache: string,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(operator)) {
    if (value === undefined || TERRAFORM_DROPPED.test(name)) continue;
    if (name.startsWith('OS_') && !OPENSTACK_KEPT.has(name)) continue;
    environment[name] = value;
  }
  return {
    TF_PLUGIN_CACHE_DIR: pluginCache,
    // Without a lock file of its own yet, a fresh root may use what the cache has.
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
    ...environment,
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

import { delimiter, isAbsolute, sep } from 'node:path';

/** What a child process is for; it says which variables of the operator it gets. */
export type ChildPurpose =
  /** Reads a repository. Never asks the network. */
  | 'git-read'
  /** Commits and pushes as the operator. */
  | 'git-write'
  /** Terraform or OpenTofu with its providers; what it calls clouds with is added by the engine. */
  | 'cloud-tool'
  /** kolla-ansible, which reaches hosts by SSH. */
  | 'host-tool'
  /** ssh with the operator at its terminal: their keys, agent and settings. */
  | 'login'
  /** A command of the configuration that looks whether something works. */
  | 'check-tool'
  /** Code of the project or of a commit, which may be anybody's. */
  | 'code'
  /** npm, which installs what a commit's lock file names. */
  | 'install'
  /** Programs of the system that need nothing: tar, the probe for what isolates. */
  | 'plain';

/** Where programs, temporary files and messages are. No purpose can do without. */
const COMMON = ['PATH', 'LANG', 'LANGUAGE', /^LC_/, 'TZ', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP'];
const USER = ['HOME', 'USER', 'LOGNAME', 'USERPROFILE', 'APPDATA', /^XDG_/];
const NETWORK = [/^(?:https?|no|all|ftp)_proxy$/i, 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'];
const SSH = ['SSH_AUTH_SOCK', 'SSH_AGENT_PID'];

/**
 * Terraform's own, but for those that change what is planned, or write secrets to a log: the CLI configuration, the plug-in cache, the
 * registry's time-outs and tokens.
 */
const TERRAFORM_KEPT =
  /^TF_(?!VAR_|CLI_ARGS|WORKSPACE$|DATA_DIR$|LOG|INPUT$|STATE_PERSIST|REATTACH_PROVIDERS$|ENCRYPTION$)/;
/** Where to look for clouds.yaml. All other variables of OpenStack could lead elsewhere than the stack's provider block says. */
const CLOUDS = ['OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE'];

type Name = string | RegExp;

/**
 * By purpose. Nowhere: LD_PRELOAD and its like, NODE_OPTIONS, GIT_DIR and what else would have git look at another repository, credentials
 * of clouds, keys of Tandem, tokens. What a purpose needs of those is added by name where the process is started.
 */
const ALLOWED: Readonly<Record<ChildPurpose, readonly Name[]>> = {
  'git-read': [...COMMON, ...USER, /^GIT_CONFIG(?:_|$)/, 'GIT_CEILING_DIRECTORIES', 'GIT_EXEC_PATH'],
  'git-write': [
    ...[...COMMON, ...USER, ...NETWORK, ...SSH],
    /^GIT_(?:CONFIG(?:_|$)|AUTHOR_|COMMITTER_|SSH|SSL_|ASKPASS$|PROXY_)/,
    ...['GIT_CEILING_DIRECTORIES', 'GIT_EXEC_PATH', 'SSH_ASKPASS', 'GNUPGHOME', 'GPG_TTY', 'EMAIL'],
    // What the credential helpers of the two forges read.
    ...['GH_TOKEN', 'GITHUB_TOKEN', 'GITLAB_TOKEN', 'GH_HOST', 'CI_JOB_TOKEN'],
  ],
  'cloud-tool': [...COMMON, ...USER, ...NETWORK, ...CLOUDS, TERRAFORM_KEPT, /^TOFU_/],
  'host-tool': [...COMMON, ...USER, ...NETWORK, ...SSH, /^(?:ANSIBLE|KOLLA)_/, 'VIRTUAL_ENV', 'REQUESTS_CA_BUNDLE'],
  login: [
    ...COMMON,
    ...USER,
    ...SSH,
    'SSH_ASKPASS',
    'SSH_ASKPASS_REQUIRE',
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'TERM',
    'COLORTERM',
  ],
  'check-tool': [...COMMON, ...USER, ...NETWORK],
  // The libraries' own switches, which are part of what the cache is keyed by.
  code: [...COMMON, /^(?:CDK|CDKTF|CDKTN|SYNTH)_/],
  install: [...COMMON, ...USER, ...NETWORK, /^npm_config_(?:cache|registry|userconfig|prefix)$/i],
  plain: COMMON,
};

/**
 * Of the operator, never of the project: names separated by commas, each with or without a `*` at its end, of variables that Terraform's
 * providers, Ansible's modules or checks need besides.
 */
const MORE = 'TANDEM_CHILD_ENVIRONMENT';

/**
 * The environment of a child process: of the operator's, what its purpose needs and no more. On its path are absolute folders only, and
 * none of npm's: those are the project's, and a program of the system is not to be found there.
 */
export function childEnvironment(purpose: ChildPurpose, operator: NodeJS.ProcessEnv): Record<string, string> {
  const allowed = [...ALLOWED[purpose], ...(purpose.endsWith('-tool') ? namedBy(operator) : [])];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(operator)) {
    if (value === undefined) continue;
    if (allowed.some((each) => isMatch(each, name))) environment[name] = value;
  }
  const path = environment['PATH'];
  if (path !== undefined && purpose !== 'install') environment['PATH'] = systemPath(path);
  return environment;
}

function isMatch(allowed: Name, name: string): boolean {
  return typeof allowed === 'string' ? allowed === name : allowed.test(name);
}

function namedBy(operator: NodeJS.ProcessEnv): Name[] {
  const names = (operator[MORE] ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => /^\w+\*?$/.test(name)).map((name) => new RegExp(`^${name.replace('*', '.*')}$`));
}

function systemPath(path: string): string {
  const inPackages = `${sep}node_modules${sep}.bin`;
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !folder.replace(/[\\/]+$/, '').endsWith(inPackages))
    .join(delimiter);
}

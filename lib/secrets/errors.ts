import { TandemError } from '../errors/tandem-error.ts';

export function noSuchSecret(reference: string, store: string): TandemError {
  return new TandemError({
    code: 'no-such-secret',
    message: `${store} has no value for ${reference}`,
    next: `store it with \`tandem secret put ${reference}\`, which reads the value from standard input`,
  });
}

export function noSecretGiven(reference: string): TandemError {
  return new TandemError({
    code: 'no-secret-given',
    message: `no value was given for ${reference}`,
    next: `pipe it in, as in \`pass show it | tandem secret put ${reference}\`, or type it on a terminal`,
  });
}

export function secretsKeyUnusable(where: string, why: string): TandemError {
  return new TandemError({
    code: 'secrets-key',
    message: `the key of the secret store in ${where} cannot be used: ${why}`,
    next: 'set TANDEM_SECRETS_KEY, or put the key back into its file with mode 0600',
  });
}

export function secretsUnreadable(file: string): TandemError {
  return new TandemError({
    code: 'secrets-unreadable',
    message: `${file} cannot be decrypted: it was written for other keys, or is damaged`,
    next: 'let somebody who can open it add the key that `tandem secret key` prints to secrets.recipients and run `tandem secret rotate`, or restore the file from git',
  });
}

export function noSecretsKey(file: string, keyFile: string | undefined): TandemError {
  return new TandemError({
    code: 'no-secrets-key',
    message: `${file} is encrypted, and there is no key to open it: TANDEM_SECRETS_KEY is not set, and ${keyFile === undefined ? 'without HOME there is no key file' : `${keyFile} does not exist`}`,
    next: 'set TANDEM_SECRETS_KEY, or run `tandem secret key` and let somebody who can open the file add what it prints to secrets.recipients and run `tandem secret rotate`',
  });
}

export function noPlaceForKey(): TandemError {
  return new TandemError({
    code: 'no-place-for-key',
    message: 'a key of the secret store cannot be kept: the environment has neither HOME nor XDG_CONFIG_HOME',
    next: 'set HOME, or make a key elsewhere with `tandem secret key` and set TANDEM_SECRETS_KEY to it',
  });
}

export function secretsNotOurs(file: string, own: string): TandemError {
  return new TandemError({
    code: 'secrets-not-ours',
    message: `${file} would be encrypted to keys of others only: secrets.recipients does not have ${own}, which is yours`,
    next: `add ${own} to secrets.recipients in config/tandem.yaml`,
  });
}

export function secretsMoved(from: string, to: string): TandemError {
  return new TandemError({
    code: 'secrets-moved',
    message: `secrets are in ${from}, which no other checkout has; the store is now ${to}, which git keeps`,
    next: `run \`mv ${from} ${to}\` and commit ${to}`,
  });
}

export function notRotatable(store: string): TandemError {
  return new TandemError({
    code: 'not-rotatable',
    message: `the secret store "${store}" has no recipients: the service encrypts what it keeps`,
    next: "rotate the service's own key with the service, or store new values with `tandem secret put`",
  });
}

export function vaultSilent(url: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'vault-silent',
    message: `${url} does not answer`,
    next: 'check the bootSecrets of the cloud and the way there; with certificates of your own, name their authority in NODE_EXTRA_CA_CERTS',
    cause,
  });
}

export function vaultRefused(url: string, path: string, status: number): TandemError {
  return new TandemError({
    code: 'vault-refused',
    message: `${url} answered sys/wrapping/${path} with ${status}`,
    next: 'log in with `vault login` or set VAULT_TOKEN to a token of the policy default, and run the command again',
  });
}

export function noVaultToken(url: string): TandemError {
  return new TandemError({
    code: 'no-vault-token',
    message: `nothing says with which token ${url} is asked: VAULT_TOKEN is not set`,
    next: 'set VAULT_TOKEN, or name a secret of the project in bootSecrets.token of the cloud and store the token with `tandem secret put`',
  });
}

export function noBootSecrets(owner: string, cloud: string, components: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-boot-secrets',
    message: `${components.join(' and ')} of ${owner} need secrets, and cloud ${cloud} does not say how its servers get them`,
    next: `say bootSecrets in config/clouds/${cloud}.yaml, e.g. \`bootSecrets: { service: barbican }\``,
  });
}

import { TandemError } from '../errors/tandem-error.ts';

export function envelopeUnreadable(name: string, why: string): TandemError {
  return new TandemError({
    code: 'envelope-unreadable',
    message: `${name} is not believed: ${why}`,
    next: 'fetch it again from where it was made, or make another with `tandem plan --live --out FILE`',
  });
}

export function signatureUnknown(name: string, keyid: string): TandemError {
  return new TandemError({
    code: 'signature-unknown',
    message: `${name} has a signature by ${keyid}, and nobody who counts has this key`,
    next: 'compare the fingerprint with `ssh-keygen -lf FILE.pub`; a person whom config/approvers.yaml has only in this change does not count yet',
  });
}

export function signatureInvalid(name: string, keyid: string): TandemError {
  return new TandemError({
    code: 'signature-invalid',
    message: `${name} was altered: the signature of ${keyid} is not over what it holds`,
    next: 'make another bundle with `tandem plan --live --out FILE`, and have it approved',
  });
}

export function signatureTwice(name: string, keyid: string): TandemError {
  return new TandemError({
    code: 'signature-twice',
    message: `${name} has two signatures by ${keyid}`,
    next: 'make another bundle with `tandem plan --live --out FILE`, and have it approved',
  });
}

export function noSigningKey(why: string): TandemError {
  return new TandemError({
    code: 'no-signing-key',
    message: `there is no key to sign with: ${why}`,
    next: 'name one with `--key FILE`, or load it with `ssh-add`; `ssh-keygen -t ed25519` makes one',
  });
}

export function keyUnusable(file: string, why: string): TandemError {
  return new TandemError({
    code: 'key-unusable',
    message: `${file} cannot sign: ${why}`,
    next: 'use a key of the type ssh-ed25519, which every verifier of Ed25519 checks; RSA keys and security tokens (sk-ssh-…) sign in ways of their own',
  });
}

export function agentFailed(why: string): TandemError {
  return new TandemError({
    code: 'agent-failed',
    message: `the SSH agent does not sign: ${why}`,
    next: 'see what it holds with `ssh-add -l`, or name a private key with `--key FILE`',
  });
}

import { TandemError } from '../errors/tandem-error.ts';

export function invalidConstructId(id: string, path: string): TandemError {
  return new TandemError({
    code: 'invalid-construct-id',
    message: `"${id}" in ${path} cannot be part of a Terraform address`,
    next: 'use letters, digits and hyphens, and begin with a letter: addresses join ids with _',
  });
}

export function addressTaken(address: string, first: string, second: string): TandemError {
  return new TandemError({
    code: 'address-taken',
    message: `${first} and ${second} both have the Terraform address ${address}`,
    next: 'rename one of them',
  });
}

export function serverNameTaken(name: string, first: string, second: string): TandemError {
  return new TandemError({
    code: 'server-name-taken',
    message: `${name} is the name of tier ${first} and of a server of tier ${second}`,
    next: `rename tier ${first}`,
  });
}

export function unknownPeer(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'unknown-peer',
    message: `nothing called "${name}" can connect`,
    next: `name one of: ${known.join(', ')}`,
  });
}

export function noExternalNetwork(cloud: string): TandemError {
  return new TandemError({
    code: 'no-external-network',
    message: `cloud ${cloud} has no external network, and floating addresses come from one`,
    next: `mark one of its networks as external in config/clouds/${cloud}.yaml`,
  });
}

export function noTenantPool(cloud: string): TandemError {
  return new TandemError({
    code: 'no-tenant-pool',
    message: `cloud ${cloud} has no tenant pool, and a dev environment's network is cut from one`,
    next: `add one under tenants in config/clouds/${cloud}.yaml`,
  });
}

export function userDataMissing(file: string): TandemError {
  return new TandemError({
    code: 'user-data-missing',
    message: `the user data ${file} cannot be read`,
    next: 'write the file, or correct the path in the blueprint; it is relative to the project',
  });
}

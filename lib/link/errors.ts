import { TandemError } from '../errors/tandem-error.ts';

export function linkUnknown(received: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-unknown',
    message: `there is no link "${received}"`,
    next: known.length === 0 ? 'write one: config/links/NAME.yaml' : `name one of ${known.join(', ')}`,
    details: { received, known },
  });
}

export function linkNotNamed(known: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-not-named',
    message: known.length === 0 ? 'this project has no link' : `this project has ${known.length} links`,
    next: known.length === 0 ? 'write one: config/links/NAME.yaml' : `name one of ${known.join(', ')}`,
    details: { known },
  });
}

export function gatewayUnreached(gateway: string, reason: string): TandemError {
  return new TandemError({
    code: 'link-gateway-unreached',
    message: `${gateway} did not answer: ${reason}`,
    next: 'let `gateways.sshKeys` of the link have your key (`tandem deploy` tells the gateway), or look at its console in the cloud',
    details: { gateway, reason },
  });
}

export function gatewayNotReady(gateway: string, missing: string): TandemError {
  return new TandemError({
    code: 'link-gateway-not-ready',
    message: `${gateway} runs and is no gateway yet: ${missing}`,
    next: 'its first start takes some minutes; run `tandem link status` again',
    details: { gateway, missing },
  });
}

export function gatewayNotMade(gateway: string, stack: string): TandemError {
  return new TandemError({
    code: 'link-gateway-not-made',
    message: `${gateway} is not there yet`,
    next: `deploy it: \`tandem deploy ${stack}\``,
    details: { gateway, stack },
  });
}

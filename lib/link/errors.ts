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
    next: known.length === 0 ? 'write one: config/links/NAME.yaml' : `name one (a drill: --link): ${known.join(', ')}`,
    details: { known },
  });
}

export function gatewayUnreached(gateway: string, reason: string): TandemError {
  return new TandemError({
    code: 'link-gateway-unreached',
    message: `${gateway} did not answer: ${reason}`,
    next: 'let `gateways.sshFrom` of the link name where you are (`tandem deploy` tells the gateway), or look at its console in the cloud',
    details: { gateway, reason },
  });
}

export function gatewayRefusesKey(gateway: string, reason: string): TandemError {
  return new TandemError({
    code: 'link-gateway-refuses-key',
    message: `${gateway} lets none of your SSH keys in: ${reason}`,
    next: 'let `gateways.sshKeys` of the link have your key (`tandem deploy` tells the gateway)',
    details: { gateway, reason },
  });
}

export function gatewayOtherHostKey(gateway: string, link: string): TandemError {
  return new TandemError({
    code: 'link-gateway-other-host-key',
    message: `whoever answers as ${gateway} has another host key than its console showed: nobody logged in`,
    next: `find out who has its address; where its keys were made anew on purpose, delete .tandem/ssh/link-${link}/known_hosts`,
    details: { gateway, link },
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

export function tunnelUnknown(received: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-tunnel-unknown',
    message: `there is no tunnel "${received}"`,
    next: `name one of ${known.join(', ')}: the gateway, and which of its two`,
    details: { received, known },
  });
}

export function othersNotWell(link: string, tunnel: string, why: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-not-well',
    message: `tunnel ${tunnel} keeps its key, for the others have to carry its traffic meanwhile: ${why.join('; ')}`,
    next: `make them well first; \`tandem link status ${link}\` tells when they are`,
    details: { link, tunnel, why },
  });
}

/** @param why - What did not come: `AWS did not end a change of its connection` */
export function rotationStuck(link: string, tunnel: string, why: string): TandemError {
  return new TandemError({
    code: 'link-rotation-stuck',
    message: `tunnel ${tunnel} has not its new key on both sides yet: ${why}; the other tunnels carry its traffic`,
    next: `look at \`tandem link status ${link}\` and mend what it tells`,
    details: { link, tunnel, why },
  });
}

/** @param resume - The command that goes on with it */
export function otherRotation(link: string, resume: string): TandemError {
  return new TandemError({
    code: 'link-rotation-unfinished',
    message: `another rotation of keys of ${link} is unfinished`,
    next: `finish it: \`${resume}\``,
    details: { link, resume },
  });
}

export function sideNotDeployed(stack: string): TandemError {
  return new TandemError({
    code: 'link-side-not-deployed',
    message: `${stack} was never deployed: its side has no keys to rotate`,
    next: `deploy it: \`tandem deploy ${stack}\``,
    details: { stack },
  });
}

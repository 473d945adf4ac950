import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What differs from a gateway in a cloud, for the kernel of this machine has no ESP, or to save time. Everything else is as it is rendered. */
export const LINK_ADAPTATIONS: readonly { readonly file: string; readonly what: string; readonly why: string }[] = [
  {
    file: '/usr/sbin/charon-systemd',
    what: 'starts a charon for each tunnel in a network of its own; its TUN device takes the place of the xfrm interface',
    why: 'the kernel has no ESP, so strongSwan encrypts in user space (kernel-libipsec), which has one device for each charon',
  },
  {
    file: '/usr/sbin/swanctl',
    what: 'asks the charon of the tunnel that is named, loads into each what is its own, leaves out `if_id_in` and `if_id_out`, and lets `updown` run in the network of the gateway',
    why: 'as above: there are two charons, in networks of their own',
  },
  {
    file: '/usr/local/sbin/ip',
    what: '`ip link add … type xfrm` makes a TUN device that passes nothing until charon is there',
    why: 'the kernel has no xfrm interfaces',
  },
  {
    file: 'tandem-bring-up.timer',
    what: 'looks at the metadata every 5 s, and secrets are there before',
    why: 'nobody waits a minute in a drill; boot tokens are tried elsewhere',
  },
  {
    file: 'tandem-link-probe.service',
    what: 'is restarted between two cases, so that it forgets how often a tunnel failed',
    why: 'a tunnel that fails again within ten minutes stays out of use longer each time, up to 300 s',
  },
];

const image = (name: string) => join(import.meta.dirname, 'image', name);

/** Files of this folder that stand in the image of all servers. */
export const IMAGE_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  ['charons.py', 'swanctl.py', 'ip.sh', 'traffic.py', 'peer.py', 'bulk.py', 'discovery.py'].map((name) => [
    `/usr/share/tandem-lab/${name}`,
    image(name),
  ]),
);

/** Installs the gateway's software, and what stands before it. */
export function adaptedInstall(script: string): string {
  return script + readFileSync(image('adapt.sh'), 'utf8');
}

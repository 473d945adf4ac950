/** Numbers of the gateways that nobody tunes, each with where it comes from. */

/**
 * Between the tunnels of the first gateway and those of the second; last comes a tunnel that passes too little. AWS follows the longest
 * prefix, then the shortest path, then the lowest MED (AWS Site-to-Site VPN user guide, "Route tables and VPN route priority"). Both
 * tunnels of a gateway have the same, so that the MED by which AWS leads traffic to one of them during maintenance counts.
 */
export const PREFERENCE = {
  first: { localPreference: 200, med: 100, prepends: 0 },
  second: { localPreference: 100, med: 200, prepends: 2 },
  last: { localPreference: 50, med: 300, prepends: 4 },
} as const;

/** Priorities of VRRP, and what a gateway without a tunnel that passes traffic loses of its own: it is below the other one then. */
export const PRIORITY = { first: 150, second: 100, unhealthy: -60 } as const;

/** Below the shortest prefix that a VPC has, /28 (Amazon VPC user guide, "VPC CIDR blocks"). */
export const LONGEST_PREFIX = 28;

/** Routes that are taken from one session; the environment's are far fewer, and a flood must not fill the table. */
export const MOST_ROUTES = 100;

/**
 * Lifetimes, in seconds, below AWS's of 28,800 and 3,600 (AWS Site-to-Site VPN user guide, "Tunnel options"), so that the gateway renews
 * keys, well before AWS would: strongSwan takes up to a tenth off at random (swanctl.conf, `rand_time`).
 */
export const REKEY_SECONDS = { ike: 25_200, child: 3_000 } as const;

/**
 * Dead-peer detection: asked after 10 s of silence, as AWS does by itself, and given up after four tries of 2 s (strongswan.conf,
 * `retransmit_timeout` x `retransmit_base` ^ n). A dead end point is noticed within 18 s; the prober is sooner.
 */
export const DEAD_PEER = { delaySeconds: 10, retransmitTries: 3, retransmitSeconds: 2 } as const;

/** BFD between the two gateways, and with the peer where it is asked for: 300 ms, three times (RFC 5880, detect multiplier). */
export const BFD = { intervalMs: 300, multiplier: 3 } as const;

/** Seconds between advertisements of VRRP: the other gateway takes over after three of them and its skew, 0.8 s (RFC 5798, 6.1). */
export const ADVERTISEMENT_SECONDS = 0.2;
/** Any number that no other pair in the network has. */
export const VIRTUAL_ROUTER = 16;

/**
 * Seconds until a tunnel that was left is used again, doubled each time that it fails within ten minutes; chosen so that a tunnel that
 * comes and goes moves traffic twelve times an hour at most. And how long a gateway has to be well until it takes the address back.
 */
export const HOLD_DOWN = { firstSeconds: 10, mostSeconds: 300, forgetSeconds: 600, healthySeconds: 5 } as const;

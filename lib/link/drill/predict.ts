import { ADVERTISEMENT_SECONDS, BFD, PRIORITY } from '../../components/link-gateway/numbers.ts';
import type { Link } from '../../config/schema/link.ts';

type Timers = Link['tunnels']['timers'];

/** What it takes to tell BGP another rank, or to make routes, and that it arrives on the other side: seen, not derived. */
const TELL_SECONDS = 0.3;
/** A probe is lost when it was not answered within half a second, or within the time between two, if that is longer. */
const PATIENCE_SECONDS = 0.5;
/** From power to programs that run, on this machine, and until strongSwan and BGP have a tunnel each: seen. */
const BOOT_SECONDS = 5;
const CONNECT_SECONDS = 6;

/** Of VRRP: three advertisements and the successor's skew (RFC 5798, 6.1). */
export function takeOverSeconds(): number {
  return 3 * ADVERTISEMENT_SECONDS + ((256 - PRIORITY.second) / 256) * ADVERTISEMENT_SECONDS;
}

function bfdSeconds(): number {
  return (BFD.intervalMs * BFD.multiplier) / 1000;
}

/** A gateway dies: the successor takes the address, sees by BFD that the other one's routes are dead, and tells the halves. */
export function gatewayDies(): number {
  return Math.max(takeOverSeconds(), bfdSeconds()) + TELL_SECONDS;
}

/** Until enough probes in a row were lost. A fault falls half-way between two of them, on average. */
export function probesLost({ probeSeconds, probeFailures }: Timers): number {
  return probeSeconds / 2 + (probeFailures - 1) * probeSeconds + Math.max(probeSeconds, PATIENCE_SECONDS);
}

/** An end point dies, or a tunnel passes nothing: the prober moves traffic to the other tunnel of the gateway, at once both ways. */
export function tunnelDead(timers: Timers): number {
  return (timers.bfd ? Math.min(bfdSeconds(), probesLost(timers)) : probesLost(timers)) + TELL_SECONDS;
}

/** Both tunnels of a gateway: it gives the address away, by its priority, and the other one tells the halves. */
export function gatewayBlind(timers: Timers): number {
  return probesLost(timers) + takeOverSeconds() + TELL_SECONDS;
}

/**
 * Probes that are lost by chance: the mean number until `failures` of the last `2 x failures` were, and then as above.
 * @param share of packets lost each way, from 0 to 1
 */
export function tunnelLoses(timers: Timers, share: number): number {
  const { probeSeconds, probeFailures } = timers;
  const probes = meanProbes(1 - (1 - share) ** 2, probeFailures, 2 * probeFailures);
  return (probes - 0.5) * probeSeconds + Math.max(probeSeconds, PATIENCE_SECONDS) + TELL_SECONDS;
}

/** A Markov chain over what the last probes were: a bit each, 1 is lost. */
function meanProbes(lost: number, most: number, size: number): number {
  let states = new Map([[0, 1]]);
  let mean = 0;
  // Beyond this, what is left changes no digit that is shown.
  for (let probe = 1; probe <= 400; probe += 1) {
    const next = new Map<number, number>();
    for (const [state, probability] of states) {
      mean += probability;
      for (const [bit, chance] of [[0, 1 - lost] as const, [1, lost] as const]) {
        const moved = ((state << 1) | bit) & (2 ** size - 1);
        if (ones(moved) < most) next.set(moved, (next.get(moved) ?? 0) + probability * chance);
      }
    }
    states = next;
  }
  return mean;
}

function ones(state: number): number {
  return state.toString(2).replaceAll('0', '').length;
}

/** Both gateways were off: until one of them has booted and has a tunnel. */
export function bothOff(): number {
  return BOOT_SECONDS + CONNECT_SECONDS;
}

/** A client of Consul that gets no answer asks the next server (lab/link/image/discovery.py). */
const ASKED_SECONDS = 1;
/** Without a word of its leader, a follower waits from one to two of these until it wants to lead (hashicorp/raft, HeartbeatTimeout at `raft_multiplier` 1). */
const HEARTBEAT_SECONDS = 1;
/** From then on until it leads and takes writes: seen, for Consul settles what it holds first. */
const LEAD_SECONDS = 0.7;
/** Until a name that had no answer is asked for again, and Consul's data centres have found each other: TCP tries after 1, 3 and 7 s. */
const FIND_SECONDS = 7;

/** A follower dies: at most, whoever asked it asks another one. */
export function consulServerDies(): number {
  return ASKED_SECONDS;
}

/** The leader dies. The sooner of two followers waits for a third of the spread on average. */
export function consulLeaderDies(): number {
  return HEARTBEAT_SECONDS * (1 + 1 / 3) + LEAD_SECONDS + ASKED_SECONDS;
}

/** Everything was off, and the last of it gets its power so many seconds after the first. */
export function allOff(apartSeconds: number): number {
  return apartSeconds + bothOff() + FIND_SECONDS;
}

/** Whether what was seen is what was predicted: within a factor of two, or a second. */
export function isAsPredicted(predicted: number, seen: number): boolean {
  return Math.abs(seen - predicted) <= 1 || (seen <= 2 * predicted && predicted <= 2 * seen);
}

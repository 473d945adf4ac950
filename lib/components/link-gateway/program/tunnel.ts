/** One tunnel as the prober sees it: what was sent through it, what came back, and what follows. No process, no clock of its own. */
export const TUNNEL = String.raw`

class Tunnel:
    """
    good: traffic goes through it as its gateway's rank says. bad: too many probes were lost; traffic goes there last. closed: on purpose.
    down: BGP has no session, so there are no routes. starting: too few probes have come back yet.
    Two kinds of probes: echoes of the far end point, and questions to a resolver behind it, from an address that leads back this way alone.
    A probe that is not back in time is lost until it is back: a machine or path that is slow is not one that passes nothing.
    """

    KINDS = {"echo": "echoes of the end point", "name": "questions behind it"}

    def __init__(self, told, known):
        self.told, self.known = told, known
        self.state, self.reason, self.since = "starting", "it has just begun", time.time()
        # Whether each of as many probes as count came back, by its number; times are of the clock that nobody sets.
        self.results = {kind: collections.deque(maxlen=2 * told["probeFailures"]) for kind in self.KINDS}
        self.waiting = {}
        self.answered = set()
        # Nothing is known of BGP until it has been asked.
        self.bgp, self.routes, self.rtt = None, 0, None
        self.hold, self.held_until, self.failed_at = 0, 0, None

    def sent(self, kind, number, now):
        self.waiting[kind, number] = now

    def came_back(self, kind, number, now):
        began = self.waiting.pop((kind, number), None)
        if began is not None:
            self.rtt = now - began
            self.answered.add(kind)
            self.results[kind].append([number, True])
        for result in self.results[kind]:
            if result[0] == number:
                result[1] = True

    def expire(self, now):
        patience = max(self.told["probeSeconds"], 0.5)
        for late in [key for key, began in self.waiting.items() if now - began >= patience]:
            del self.waiting[late]
            self.results[late[0]].append([late[1], False])

    def lost(self):
        """Of the kind that loses most. What never answered is no proof of anything."""
        return max((sum(not back for _, back in self.results[kind]), kind) for kind in self.answered) if self.answered else (0, "echo")

    def judge(self, now, closed):
        """What it is now. Where nothing ever answered, BGP alone decides."""
        if closed:
            return self.become("closed", "it was closed on purpose")
        most = self.told["probeFailures"]
        lost, kind = self.lost()
        if lost >= most:
            if self.state != "bad":
                forgotten = self.failed_at is None or now - self.failed_at > self.told["forgetSeconds"]
                again = 2 * self.hold or self.told["firstSeconds"]
                self.hold = self.told["firstSeconds"] if forgotten else min(again, self.told["mostSeconds"])
                self.failed_at = now
            self.held_until = now + self.hold
            return self.become("bad", "%d of the last %d %s were lost" % (lost, len(self.results[kind]), self.KINDS[kind]))
        if self.state == "bad" and (lost or now < self.held_until):
            return None
        if self.bgp is None:
            return None
        if self.bgp != "Established" or not self.routes:
            return self.become("down", "BGP is %s, with %d routes" % (self.bgp, self.routes))
        if self.answered and not lost and all(len(self.results[kind]) >= most for kind in self.answered):
            return self.become("good", "probes come back")
        if not self.answered and self.state in ("down", "starting"):
            return self.become("good", "BGP has routes; the end point answers no probes")
        if self.state in ("down", "closed"):
            return self.become("starting", "too few probes have come back yet")
        return None

    def become(self, state, reason):
        if state != self.state:
            self.since = time.time()
            print("%s is %s: %s" % (self.known["interface"], state, reason), flush=True)
        self.state, self.reason = state, reason

    def told_to_others(self, now):
        return {
            "index": self.known["index"], "interface": self.known["interface"], "far": self.known["far"],
            "outside": self.known["outside"], "state": self.state, "reason": self.reason, "since": self.since,
            "bgp": self.bgp or "Idle", "routes": self.routes, "lost": self.lost()[0], "probes": 2 * self.told["probeFailures"],
            "answers": sorted(self.answered),
            "roundTripMs": None if self.rtt is None else round(self.rtt * 1000, 1),
            "heldSeconds": round(max(0, self.held_until - now), 1) if self.state == "bad" else 0,
        }
`;

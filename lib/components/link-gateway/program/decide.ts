/** What follows from the tunnels' states, and the small functions below the prober. */
export const DECIDE = String.raw`
    def decide(self, now):
        # Once a minute everything is said again: whoever restarted BGP or changed a route did not say so.
        if now - self.said_at > 60:
            self.said_at, self.applied = now, {}
        good = [tunnel for tunnel in self.tunnels if tunnel.state == "good"]
        drained = noted("drained", None) is not None
        # Where none is good, all are as good as each other: a bad path is better than none, if the other gateway has none either.
        some = len(good) > 0 or drained
        for tunnel in self.tunnels:
            # One that is not good is not told of halves, so that others win.
            last = ("AWS-IN-LAST", "AWS-OUT-LAST" if some else "AWS-OUT-LAST-HALVES")
            self.apply(tunnel, ("AWS-IN", "AWS-OUT") if tunnel in good else last, now)
        self.be_well(now, bool(good) and not drained)
        # The second gateway has the address because the first one may be dead; the first one says so of a tunnel of its own.
        master = noted("vrrp") == "MASTER"
        wanted = master and (self.told["index"] == 2 or (bool(good) and len(good) < len(self.tunnels)))
        if self.applied.get("halves") != wanted:
            announce_halves(self.told, wanted)
            self.applied["halves"] = wanted
        self.revive(now)
        self.tell(now, master, wanted, drained)

    def apply(self, tunnel, maps, now):
        """In: which way traffic to AWS goes. Out: which way it comes."""
        if self.applied.get(tunnel.known["interface"]) == maps or now - self.refused_at < 1:
            return
        far = tunnel.known["far"]
        lines = ["configure terminal", "router bgp %d" % self.told["asn"], "address-family ipv4 unicast",
                 "neighbor %s route-map %s in" % (far, maps[0]), "neighbor %s route-map %s out" % (far, maps[1])]
        command = [word for line in lines for word in ("-c", line)]
        try:
            done = subprocess.run([*VTYSH, *command], stdin=subprocess.DEVNULL, capture_output=True, timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            done = None
        if done is not None and done.returncode == 0:
            self.applied[tunnel.known["interface"]] = maps
        else:
            self.refused_at = now

    def be_well(self, now, good):
        """Unwell at once, well after a while: by its priority, this gateway gives the address away or takes it back."""
        if not good:
            self.well_since = None
        elif self.well_since is None:
            self.well_since = now
        self.well = self.well_since is not None and now - self.well_since >= self.told["healthySeconds"]
        # One that has just begun again knows nothing yet: what was said before holds.
        if not good and now - self.began < 2 * self.told["healthySeconds"] and any(each.state == "starting" for each in self.tunnels):
            return
        priority = 0 if self.well else self.told["unhealthy"]
        if self.applied.get("priority") != priority:
            note("priority", "%d" % priority)
            self.applied["priority"] = priority

    def revive(self, now):
        """strongSwan gives a tunnel up whose key AWS refused, such as before both have the new one; it is begun again here."""
        if now - self.revived_at < 15:
            return
        self.revived_at = now
        for tunnel in self.tunnels:
            name = "tunnel-%d" % tunnel.known["index"]
            if tunnel.state in ("down", "bad") and not run([*SWANCTL, "--list-sas", "--ike", name], timeout=3):
                command = [*SWANCTL, "--initiate", "--child", name, "--timeout", "10"]
                subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tell(self, now, master, halves, drained):
        note("state.json", json.dumps({
            "written": time.time(), "gateway": self.told["index"], "vrrp": noted("vrrp", "unknown"), "well": self.well,
            "drained": drained, "halves": halves, "tunnels": [tunnel.told_to_others(now) for tunnel in self.tunnels],
        }))


def echo(ident, number):
    """An echo request of ICMP (RFC 792)."""
    body = struct.pack("!HH", ident, number) + b"tandem-link-probe---------------"
    head = struct.pack("!BBH", 8, 0, 0)
    words = struct.unpack("!%dH" % ((len(head) + len(body)) // 2), head + body)
    total = sum(words)
    total = (total >> 16) + (total & 0xFFFF)
    total += total >> 16
    return struct.pack("!BBH", 8, 0, ~total & 0xFFFF) + body


def ask(number, zone):
    """A question of DNS for the authority of a zone (RFC 1035, 4.1)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in zone.rstrip(".").split("."))
    return struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, 6, 1)


def answered(packet, ident):
    """The number of one of our probes that came back; None for anything else."""
    start = (packet[0] & 15) * 4
    if len(packet) < start + 8:
        return None
    kind, _, _, whose, number = struct.unpack("!BBHHH", packet[start:start + 8])
    return number if kind == 0 and whose == ident else None


def notify(text):
    """To systemd, where it started this (sd_notify)."""
    where = os.environ.get("NOTIFY_SOCKET")
    if where:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
            made.sendto(text.encode(), "\0" + where[1:] if where.startswith("@") else where)
`;

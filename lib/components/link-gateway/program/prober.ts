/** The prober: sends, listens, asks BGP, and moves traffic. */
export const PROBER = String.raw`

class Prober:
    def __init__(self):
        self.told = settings()
        self.tunnels = [Tunnel(self.told, known) for known in self.told["tunnels"]]
        self.sockets = {}
        self.number = 0
        self.applied = {}
        self.began = time.monotonic()
        self.well_since = None
        self.well = False
        self.asking = None
        self.asked_at = self.revived_at = self.refused_at = self.said_at = 0
        self.changed = False
        signal.signal(signal.SIGHUP, self.hear)

    def hear(self, *_):
        self.changed = True

    def again(self):
        """Other settings, and BGP may have read its own anew: everything is said again."""
        self.changed = False
        self.told = settings()
        for tunnel, known in zip(self.tunnels, self.told["tunnels"]):
            tunnel.told, tunnel.known = self.told, known
        self.applied = {}
        for tunnel in self.tunnels:
            self.forget(tunnel)

    def run(self):
        notify("READY=1")
        due = time.monotonic()
        while True:
            self.listen(max(0, due - time.monotonic()))
            now = time.monotonic()
            if self.changed:
                self.again()
            if now >= due:
                # Not earlier for having been late: what was not sent is not lost.
                due = max(due + self.told["probeSeconds"], now)
                self.send(now)
            for tunnel in self.tunnels:
                tunnel.expire(now)
            self.ask_bgp(now)
            for tunnel in self.tunnels:
                closed = any(os.path.exists(os.path.join(RUN, name)) for name in ("drained", "closed-%d" % tunnel.known["index"]))
                tunnel.judge(now, closed)
            self.decide(now)
            notify("WATCHDOG=1")

    def send(self, now):
        self.number = (self.number + 1) % 65536
        for tunnel in self.tunnels:
            self.through(tunnel, "echo", [tunnel.known["far"]], 0, echo(os.getpid() & 0xFFFF, self.number), now)
            if self.told["resolvers"]:
                question = ask(self.number, self.told["environment-zone"][0])
                self.through(tunnel, "name", self.told["resolvers"], 53, question, now)

    def through(self, tunnel, kind, targets, port, packet, now):
        """One answer of any target is enough."""
        tunnel.sent(kind, self.number, now)
        try:
            for target in targets:
                self.socket(tunnel, kind).sendto(packet, (target, port))
        except OSError:
            # Its interface is away, or down: nothing comes back either.
            self.forget(tunnel)

    def socket(self, tunnel, kind):
        key = (tunnel.known["interface"], kind)
        if key not in self.sockets:
            how = (socket.SOCK_RAW, socket.IPPROTO_ICMP) if kind == "echo" else (socket.SOCK_DGRAM, 0)
            made = socket.socket(socket.AF_INET, how[0] | socket.SOCK_NONBLOCK, how[1])
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, key[0].encode())
            if kind == "name":
                made.bind((tunnel.known["probe"], 0))
            self.sockets[key] = made
        return self.sockets[key]

    def forget(self, tunnel):
        for kind in tunnel.KINDS:
            made = self.sockets.pop((tunnel.known["interface"], kind), None)
            if made is not None:
                made.close()

    def listen(self, seconds):
        """Whatever came back, until the next probe is due; looks around at least five times a second."""
        try:
            ready, _, _ = select.select(list(self.sockets.values()), [], [], min(seconds, 0.2))
        except (OSError, ValueError):
            return
        now = time.monotonic()
        for tunnel in self.tunnels:
            for kind in tunnel.KINDS:
                made = self.sockets.get((tunnel.known["interface"], kind))
                while made in ready:
                    try:
                        packet, (sender, _) = made.recvfrom(2048)
                    except OSError:
                        break
                    if kind == "name":
                        # Whatever was answered: it came back.
                        tunnel.came_back(kind, int.from_bytes(packet[:2], "big"), now)
                    elif sender == tunnel.known["far"]:
                        tunnel.came_back(kind, answered(packet, os.getpid() & 0xFFFF), now)

    def ask_bgp(self, now):
        """Once a second, beside everything else: probes must not wait for an answer."""
        if self.asking is None and now - self.asked_at >= 1:
            self.asked_at = now
            command = [*VTYSH, "-c", "show bgp ipv4 unicast summary json"]
            try:
                self.asking = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            except OSError:
                return
        if self.asking is None:
            return
        if self.asking.poll() is None and now - self.asked_at < 5:
            return
        self.asking.kill()
        said, _ = self.asking.communicate()
        self.asking = None
        try:
            peers = json.loads(said).get("peers", {})
        except ValueError:
            peers = {}
        for tunnel in self.tunnels:
            known = peers.get(tunnel.known["far"], {})
            state = known.get("state", "Idle")
            if state == "Established" and tunnel.bgp != state:
                # BGP may have begun anew, with the ranks of its file.
                self.applied.pop(tunnel.known["interface"], None)
            tunnel.bgp, tunnel.routes = state, known.get("pfxRcd", 0)
`;

#!/usr/bin/env python3
"""
Stands for charon-systemd where the kernel has no ESP: one charon for each end of a tunnel, encrypting in user space in a network namespace of
its own, whose TUN device is moved to where an xfrm interface would be. `charons [END...]`; ends are listed in /etc/tandem-lab/ends.json.
"""
import ctypes, json, os, signal, socket, subprocess, sys, time

REAL = "/usr/lib/tandem-lab/charon-systemd"
RUN = "/run/tandem-lab"
CONF = """
include /etc/strongswan.conf
charon-systemd {
  plugins {
    kernel-libipsec {
      load = 1000
      allow_peer_ts = yes
    }
    vici {
      socket = unix://%s/charon-%s.vici
    }
  }
  routing_table = 220
  routing_table_prio = 40000
}
"""


def ip(*words, netns=None, check=True):
    where = ["nsenter", "--net=/run/netns/" + netns] if netns else []
    done = subprocess.run([*where, "/usr/bin/ip", *words], capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit("ip %s: %s" % (" ".join(words), done.stderr))
    return done.stdout


def end_with_me():
    # PR_SET_PDEATHSIG: a killed end leaves no charon.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def until(holds):
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    sys.exit("charon did not come up")


def start(end):
    name, netns = end["name"], end["netns"]
    until(lambda: os.path.exists("/run/netns/" + netns))
    # What an earlier one left.
    ip("link", "delete", "ipsec0", netns=netns, check=False)
    conf, vici = "%s/charon-%s.conf" % (RUN, name), "%s/charon-%s.vici" % (RUN, name)
    with open(conf, "w") as file:
        file.write(CONF % (RUN, name))
    if os.path.exists(vici):
        os.unlink(vici)
    environment = {**os.environ, "STRONGSWAN_CONF": conf}
    environment.pop("NOTIFY_SOCKET", None)
    child = subprocess.Popen(["nsenter", "--net=/run/netns/" + netns, REAL], env=environment, preexec_fn=end_with_me)
    until(lambda: child.poll() is not None or (os.path.exists(vici) and "ipsec0" in ip("-o", "link", netns=netns)))
    place(end)
    return child


def place(end):
    """Its TUN device takes the place of the interface that the settings made, with its addresses and size."""
    interface = end["interface"]
    known = json.loads(ip("-json", "address", "show", "dev", interface, check=False) or "[]")
    if known:
        ip("link", "delete", interface)
    ip("link", "set", "ipsec0", "netns", "1", "name", interface, netns=end["netns"])
    # charon wants to route to a device of that name; nothing goes there, as its table is looked up last.
    ip("link", "add", "ipsec0", "type", "bridge", netns=end["netns"])
    ip("link", "set", "ipsec0", "up", netns=end["netns"])
    for each in known:
        ip("link", "set", interface, "mtu", str(each["mtu"]))
        for address in each["addr_info"]:
            if address["family"] == "inet":
                ip("address", "add", "%s/%d" % (address["local"], address["prefixlen"]), "dev", interface)
    for word in end.get("then", []):
        subprocess.run(word, shell=True, check=True)


def leave(end):
    """An xfrm interface outlives charon: here its settings do, in a device that passes nothing."""
    interface = end["interface"]
    known = json.loads(ip("-json", "address", "show", "dev", interface, check=False) or "[]")
    return interface, known


def stand_in(interface, known):
    if not known:
        return
    ip("link", "delete", interface, check=False)
    ip("tuntap", "add", "dev", interface, "mode", "tun")
    ip("link", "set", interface, "mtu", str(known[0]["mtu"]))
    for address in known[0]["addr_info"]:
        if address["family"] == "inet":
            ip("address", "add", "%s/%d" % (address["local"], address["prefixlen"]), "dev", interface)


def main():
    os.makedirs(RUN, exist_ok=True)
    with open("/etc/tandem-lab/ends.json") as file:
        ends = [end for end in json.load(file) if not sys.argv[1:] or end["name"] in sys.argv[1:]]
    children = [start(end) for end in ends]
    where = os.environ.get("NOTIFY_SOCKET")
    if where:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
            made.sendto(b"READY=1", "\0" + where[1:] if where.startswith("@") else where)
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.05)
    left = [leave(end) for end in ends]
    for child in children:
        child.terminate()
    for child in children:
        child.wait()
    for interface, known in left:
        stand_in(interface, known)


main()

import { CONSUL_ZONE } from '../../../config/link/zones.ts';

/** What every verb of the program on a gateway stands on: its settings, and other programs. */
export const COMMON = String.raw`#!/usr/bin/env python3
"""A gateway of the link: its interfaces, its routes, and whether its tunnels pass traffic. Written by Tandem."""
import collections, hashlib, ipaddress, json, os, re, select, shlex, signal, socket, struct, subprocess, sys, time

# strongSwan calls it without any.
os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# All files lie below it: where the settings are tried without a server.
ROOT = os.environ.get("TANDEM_LINK_ROOT", "")
RUN = os.environ.get("TANDEM_LINK_RUN", "/run/tandem-link")
VTYSH = shlex.split(os.environ.get("TANDEM_LINK_VTYSH", "vtysh"))
SWANCTL = shlex.split(os.environ.get("TANDEM_LINK_SWANCTL", "swanctl"))
TEMPLATES = "/etc/tandem-link/templates"
KEYS = "/etc/swanctl/conf.d/tandem-link-keys.conf"


def settings():
    with open(ROOT + "/etc/tandem-link/settings.json") as file:
        told = json.load(file)
    for name, text in told["lists"].items():
        told[name] = text.split()
    told["pools"] = [each for each in told["told"] if each != told["network"]]
    # A zone is forwarded where there is somebody to ask.
    told["environment-zones"] = told["environment-zone"] if told["resolvers"] else []
    told["resolvers"] = told["resolvers"] if told["environment-zones"] else []
    told["cloud-zones"] = told["cloud-zone"] if told["name-servers"] else []
    told["consul-zones"] = ["${CONSUL_ZONE}"] if told["consul"] else []
    told["zones"] = told["environment-zones"] + told["cloud-zones"] + told["consul-zones"]
    # FRR takes the number of times as a text of that many numbers; none is no line.
    told["prepends"] = [" ".join([str(told["asn"])] * told["prepends"])] if told["prepends"] else []
    return told


def run(command, timeout=10, check=False, text=""):
    """What it said; empty where it failed, which the next round tries again."""
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired) as error:
        if check:
            sys.exit("%s: %s" % (command[0], error))
        return ""
    if done.returncode == 0:
        return done.stdout
    if check:
        sys.exit("%s ended with %d: %s" % (" ".join(command), done.returncode, done.stderr.strip()))
    return ""


def note(name, text):
    """A file of the run folder, in one step: whoever reads sees the old text or the new one."""
    os.makedirs(RUN, exist_ok=True)
    path = os.path.join(RUN, name)
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


def noted(name, default=""):
    try:
        with open(os.path.join(RUN, name)) as file:
            return file.read().strip()
    except FileNotFoundError:
        return default


def lan(told):
    """The interface in the network of the link, which may come up at this moment."""
    for _ in range(60):
        for each in json.loads(run(["ip", "-json", "address"], check=True)):
            if any(known.get("local") == told["address"] for known in each.get("addr_info", [])):
                return each["ifname"]
        time.sleep(1)
    sys.exit("no interface has %s" % told["address"])


def announce_halves(told, wanted):
    """
    The halves of each range: more specific, so that they win at once over what a dead path told. BGP tells them while there is a route to
    each, and zebra sees the kernel's: nothing of BGP's settings changes. Route protocol 80 marks ours.
    """
    found = run(["ip", "-json", "route", "show", "proto", "80"])
    there = {each["dst"] for each in json.loads(found or "[]")}
    own = ipaddress.ip_network(told["network"])
    lines = ["route delete %s proto 80" % half for half in there if not wanted or half not in told["halves"]]
    for half in told["halves"] if wanted else []:
        inside = ipaddress.ip_network(half).subnet_of(own)
        way = "dev " + (noted("lan") or lan(told)) if inside else "via " + told["router"]
        lines.append("route replace %s %s proto 80" % (half, way))
    # All by one process: seconds count here.
    if lines:
        run(["ip", "-force", "-batch", "-"], text="\n".join(lines) + "\n")
`;

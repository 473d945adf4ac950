/** From settings to what the kernel and other programs read: each step is safe to repeat. */
export const SETTLE = String.raw`

def settle():
    """Before everything else starts, and whenever the settings changed."""
    told = settings()
    note("lan", lan(told))
    render(told, noted("lan"))
    for tunnel in told["tunnels"]:
        make_interface(told, tunnel)
    run(["sysctl", "-q", "-p", ROOT + "/etc/sysctl.d/60-tandem-link.conf"], check=True)
    run(["nft", "-f", ROOT + "/etc/tandem-link/nftables.conf"], check=True)
    # Until tunnels pass traffic, the other gateway has the address.
    if not noted("priority"):
        note("priority", "%d" % told["unhealthy"])


def render(told, interface):
    """The templates, with a line repeated for each item of a list: @each LIST: TEXT, where {} is the item and {n} its number times five."""
    for folder, _, names in os.walk(ROOT + TEMPLATES):
        for name in names:
            path = os.path.join(folder, name)
            with open(path) as file:
                lines = [line for each in file for line in repeated(each, told)]
            text = "".join(lines).replace("%lan%", interface)
            target = ROOT + path[len(ROOT + TEMPLATES):]
            was = os.stat(path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            temporary = target + ".tandem-new"
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            os.chown(temporary, was.st_uid, was.st_gid)
            os.chmod(temporary, was.st_mode & 0o777)
            os.replace(temporary, target)


def repeated(line, told):
    found = re.match(r"( *)@each ([\w-]+): (.*)\n", line)
    if not found:
        return [line]
    indent, name, text = found.groups()
    return [
        indent + text.replace("{n}", str(5 * number)).replace("{}", item) + "\n"
        for number, item in enumerate(told[name], 1)
    ]


def make_interface(told, tunnel):
    """An interface of the kernel for each tunnel: what is routed to it is encrypted, by the policy of its number."""
    name = tunnel["interface"]
    if not run(["ip", "link", "show", "dev", name]):
        kind = ["type", "xfrm", "dev", lan(told), "if_id", str(tunnel["index"])]
        run(["ip", "link", "add", name, *kind], check=True)
    own = [tunnel["near"] + "/30", tunnel["probe"] + "/32"]
    there = json.loads(run(["ip", "-json", "address", "show", "dev", name], check=True))[0]["addr_info"]
    for each in there:
        known = "%s/%d" % (each["local"], each["prefixlen"])
        if each["family"] == "inet" and known not in own:
            run(["ip", "address", "delete", known, "dev", name])
    for each in own:
        run(["ip", "address", "replace", each, "dev", name], check=True)
    run(["ip", "link", "set", name, "mtu", str(told["mtu"])], check=True)


def updown(verb, interface):
    """
    charon says that a tunnel came up or went down: BGP sees it by its interface, and leaves it at once. What it says of an older one, whose
    end nobody confirmed before the next one was up, comes late: its numbers only grow.
    """
    number = int(os.environ.get("PLUTO_UNIQUEID") or 0)
    if verb.startswith("up-client"):
        note("up-" + interface, "%d" % number)
        run(["ip", "link", "set", interface, "up"], check=True)
    elif verb.startswith("down-client") and number >= int(noted("up-" + interface, "0")):
        run(["ip", "link", "set", interface, "down"], check=True)


def vrrp(state):
    """keepalived says whether this gateway has the address. The second one announces the halves then: the first one may be dead."""
    note("vrrp", state)
    told = settings()
    if told["index"] == 2 or state != "MASTER":
        announce_halves(told, state == "MASTER")
`;

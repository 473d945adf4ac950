/** Who a server is, by its metadata, and what the placeholders of `template.ts` become. */
export const TEMPLATES = String.raw`
def secret_path(component, name):
    return os.path.join(STATE, "secrets", component, name)


class Server:
    """Who this server is, by its metadata."""

    def __init__(self, manifest, metadata):
        self.meta = metadata.get("meta", {})
        self.name = metadata["name"]
        self.zone = metadata.get("availability_zone", "")
        self.tier = manifest["tier"]
        self.index = int(self.meta["index"])
        self.peers = {}
        pieces = [key.split(".") for key in self.meta if key.startswith("peers.")]
        for _, tier, number in sorted(pieces, key=lambda piece: (piece[1], int(piece[2]))):
            known = self.peers.setdefault(tier, [])
            for pair in filter(None, self.meta["peers.%s.%s" % (tier, number)].split(",")):
                name, address = pair.split("=", 1)
                known.append({"name": name, "address": address, "index": name.rsplit("-", 1)[-1]})
        self.address = next(peer["address"] for peer in self.peers[self.tier] if peer["name"] == self.name)

    def others(self):
        return [peer for peer in self.peers[self.tier] if peer["name"] != self.name]


PLACEHOLDER = re.compile(
    r"@\{(?:(?P<self>address|name|index|zone)|value (?P<value>[\w.-]+)|secret (?P<secret>[\w.-]+)"
    r"|(?P<list>peers|others)\|(?P<tier>[\w-]+)\|(?P<limit>\*|\d+)\|(?P<separator>[^|}]*)"
    r"\|(?P<item>(?:\{(?:address|name|index)\}|[^|}])*))\}"
)


def fill(text, server, component, secrets):
    """The text with its placeholders filled in. A text that is none of them stays as it is."""

    def one(match):
        found = match.groupdict()
        if found["self"]:
            return str(getattr(server, found["self"]))
        if found["value"]:
            key = component + "." + found["value"]
            if key not in server.meta:
                raise Failed("the metadata has no " + key)
            return server.meta[key]
        if found["secret"]:
            return secrets(component, found["secret"])
        if found["tier"] not in server.peers:
            raise Failed("the metadata has no servers of tier " + found["tier"])
        known = server.peers[found["tier"]]
        if found["limit"] != "*":
            known = known[: int(found["limit"])]
        if found["list"] == "others":
            known = [peer for peer in known if peer["name"] != server.name]
        item, separator = (
            found[part].replace("\\n", "\n").replace("\\p", "|") for part in ("item", "separator")
        )
        return separator.join(re.sub(r"\{(\w+)\}", lambda part: peer[part.group(1)], item) for peer in known)

    return PLACEHOLDER.sub(one, text)


def stored_secret(component, name):
    try:
        with open(secret_path(component, name)) as file:
            return file.read()
    except FileNotFoundError:
        raise Failed("secret %s of %s has not come yet" % (name, component))
`;

/** What is done to one tunnel on purpose, and to the gateway: without loss, for traffic has left before. */
export const TUNNELS = String.raw`

def close(number):
    """Traffic leaves the tunnel, which stays up."""
    note("closed-%s" % number, "")
    wait_until(lambda each: each["state"] != "good", number)


def reopen(number):
    try:
        os.unlink(os.path.join(RUN, "closed-%s" % number))
    except FileNotFoundError:
        pass


def wait_until(holds, number=None, seconds=15):
    """Until the prober has done it for the tunnels, and what is on its way has arrived."""
    for _ in range(seconds * 4):
        tunnels = json.loads(noted("state.json", '{"tunnels": []}'))["tunnels"]
        if all(holds(each) for each in tunnels if number in (None, str(each["index"]))):
            break
        time.sleep(0.25)
    time.sleep(2)


def keys():
    """Which key each tunnel has, by its digest."""
    with open(ROOT + KEYS) as file:
        pairs = re.findall(r"ike-tunnel-(\d) \{.*?secret = \"(.*?)\"", file.read(), re.S)
    return {number: hashlib.sha256(text.encode()).hexdigest() for number, text in pairs}


def keys_loaded():
    """After strongSwan read its keys: a tunnel whose key is another one now is made anew, one after the other."""
    before, after = json.loads(noted("keys.json", "{}")), keys()
    os.makedirs(RUN, exist_ok=True)
    os.close(os.open(os.path.join(RUN, "keys.json.new"), os.O_CREAT | os.O_WRONLY, 0o600))
    note("keys.json", json.dumps(after))
    for number in sorted(after):
        if before.get(number, after[number]) != after[number]:
            rekey(number)


def rekey(number):
    close(number)
    run([*SWANCTL, "--terminate", "--ike", "tunnel-" + number, "--timeout", "5"], timeout=10)
    run([*SWANCTL, "--initiate", "--child", "tunnel-" + number, "--timeout", "20"], timeout=30)
    reopen(number)


def drain():
    """Traffic leaves this gateway before its programs stop."""
    note("drained", "")
    wait_until(lambda each: each["state"] != "good")


def health():
    state = json.loads(noted("state.json", "{}"))
    return 0 if state.get("well") and time.time() - state["written"] < 10 else 1


def main():
    verb, *words = sys.argv[1:] or ["help"]
    if verb == "vrrp":
        # keepalived: "INSTANCE" NAME STATE PRIORITY
        return vrrp(words[2])
    if verb == "updown":
        # charon says the rest in the environment.
        return updown(os.environ.get("PLUTO_VERB", ""), words[0])
    known = {
        "settle": settle, "close": close, "reopen": reopen, "rekey": rekey, "keys-loaded": keys_loaded,
        "drain": drain, "health": health, "probe": lambda: Prober().run(),
    }
    if verb not in known:
        sys.exit("say one of " + ", ".join(sorted(known)))
    return known[verb](*words)


if __name__ == "__main__":
    sys.exit(main())
`;

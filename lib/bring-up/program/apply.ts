/** From metadata to running units: the steps, each safe to repeat, in which a server comes up and follows changes. */
export const APPLY = String.raw`
def fetch_metadata():
    """Of the service; where there is none, as on a laptop, a file has it."""
    if os.path.exists(CONFIGURATION + "/metadata.json"):
        with open(CONFIGURATION + "/metadata.json") as file:
            return json.load(file)
    for wait in (1, 2, 4, 8, None):
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(METADATA, timeout=5) as answer:
                return json.load(answer)
        except OSError as error:
            if wait is None:
                raise Failed("the metadata service does not answer: %s" % error)
            time.sleep(wait)


def apply(manifest, metadata):
    """Every step that can be done is; what failed is said, and tried again by the timer."""
    failures = []

    def step(what, action, *arguments):
        try:
            action(*arguments)
            return True
        except (Failed, TokenRefused, OSError, subprocess.CalledProcessError) as error:
            failures.append(what)
            log("%s: %s" % (what, error))
            return False

    server = Server(manifest, metadata)
    state = read_state()
    components = manifest["components"]
    step("secrets", take_new_secrets, components, server, state)
    step("hosts", write_hosts, server)
    if not step("install", install, manifest, state) or not step("data", prepare_data, components, server):
        return 1
    for component in components:
        if step(component["name"] + " files", write_files, component, server, state):
            step(component["name"] + " units", run_units, component, server, state, len(server.peers[server.tier]))
    return 1 if failures else 0


def read_state():
    try:
        with open(STATE + "/state.json") as file:
            return json.load(file)
    except FileNotFoundError:
        return {"installed": None, "pending": {}}


def save_state(state):
    write(STATE + "/state.json", json.dumps(state, sort_keys=True) + "\n")


def take_new_secrets(components, server, state):
    """Where one is missing, and where another token is offered: certificates are renewed."""
    wanted = [(component["name"], name) for component in components for name in component["secrets"]]
    if not wanted:
        return
    line = server.meta.get("boot-token", "")
    digest = hashlib.sha256(line.encode()).hexdigest()
    if all(os.path.exists(secret_path(*each)) for each in wanted):
        until = line.split(" ")[-1]
        if not is_token(line) or state.get("token") == digest or float(until) < time.time():
            return
    values = take_secrets(line)
    if values is None:
        raise Failed("there is no token yet that secrets can be had for")
    # All at once, before anything else: nobody answers a second time.
    for component, named in values.items():
        for name, text in named.items():
            write(secret_path(component, name), text, 0o600)
    state["token"] = digest
    save_state(state)


def write_hosts(server):
    known = {(peer["address"], peer["name"]) for peers in server.peers.values() for peer in peers}
    block("/etc/hosts", ["%s %s" % each for each in sorted(known, key=lambda each: each[1])])


def install(manifest, state):
    with open(CONFIGURATION + "/install.sh", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if state["installed"] != digest:
        log("installing")
        if run(["sh", CONFIGURATION + "/install.sh"]).returncode != 0:
            raise Failed("it did not end; the lines above say why")
        state["installed"] = digest
        save_state(state)


def prepare_data(components, server):
    volume = server.meta.get("volume.data")
    folders = [folder for component in components for folder in component["data"]]
    if volume and folders:
        mount_volume(volume, folders)
    for folder in folders:
        make_folder(folder)
    changed = False
    for component in components if volume else []:
        # A unit that starts at boot must not write below a volume that is not there yet.
        paths = " ".join(folder["path"] for folder in component["data"])
        for unit in component["units"] if paths else []:
            drop_in = "/etc/systemd/system/%s.d/50-tandem-data.conf" % unit
            changed |= write(drop_in, "[Unit]\nRequiresMountsFor=%s\n" % paths)
    if changed:
        systemctl("daemon-reload")


def write_files(component, server, state):
    """What a change asks for is remembered before it is written, so that whatever ends this program here, it is done."""
    name = component["name"]
    texts = [(file, fill(file["content"], server, name, stored_secret)) for file in component["files"]]
    for file, text in texts:
        try:
            with open(file["path"]) as old:
                same = old.read() == text
        except (FileNotFoundError, UnicodeDecodeError):
            same = False
        urgent = ["none", "reload", "restart"]
        if not same and urgent.index(file["onChange"]) > urgent.index(state["pending"].get(name, "none")):
            state["pending"][name] = file["onChange"]
            save_state(state)
        if write(file["path"], text, int(file["mode"], 8), file["owner"]):
            log("wrote " + file["path"])
            if "/systemd/system/" in file["path"]:
                systemctl("daemon-reload")


def run_units(component, server, state, members):
    name, units = component["name"], component["units"]
    if os.path.exists(DRAINED):
        log("%s is drained until the next start, or bring-up resume" % name)
        return
    for unit in units:
        if not systemctl("is-enabled", "--quiet", unit):
            systemctl("enable", "--quiet", unit)
    pending = state["pending"].get(name)
    running = [unit for unit in units if systemctl("is-active", "--quiet", unit)]
    if pending and running:
        if pending == "reload":
            for unit in running:
                run(["systemctl", "reload-or-restart", unit], check=True)
        elif members > 1 and not is_turn(component, server, members):
            return
        else:
            restart(component, server, running)
    for unit in units:
        if unit not in running:
            log("starting " + unit)
            run(["systemctl", "start", unit], check=True)
    if state["pending"].pop(name, None):
        save_state(state)


def is_turn(component, server, members):
    """
    Turns go by the clock: time is cut into slots, which belong to the members in order of their index, again and again. A member restarts
    only at the start of its own slot, and only while every other one answers. So never two are away at once, though they do not speak
    with each other: what one begins ends, or closes its port, before the next one's slot. One that does not come back stops the rest.
    """
    elapsed = time.time() % (SLOT * members)
    own = (server.index - 1) % members * SLOT
    if not own <= elapsed < own + SLOT * 0.7:
        log("%s waits for its turn to restart" % component["name"])
        return False
    for peer in server.others():
        if component["port"] and not answers(peer["address"], component["port"]):
            log("%s waits to restart until %s answers on port %d" % (component["name"], peer["name"], component["port"]))
            return False
    return True


def restart(component, server, units):
    log("restarting " + component["name"])
    if component["drain"]:
        command = fill(component["drain"], server, component["name"], stored_secret)
        if not shell(command, SLOT / 4):
            log("%s did not drain in time; it restarts all the same" % component["name"])
    for unit in units:
        run(["systemctl", "restart", unit], check=True)
`;

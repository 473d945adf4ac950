/** What the program is asked for. */
export const COMMANDS = String.raw`
def health(manifest, server):
    """A line for each component; 0 where all serve."""
    well = True
    for component in manifest["components"]:
        command = fill(component["health"], server, component["name"], stored_secret)
        serves = shell("{ %s\n} >/dev/null 2>&1" % command, 10)
        print("%s: %s" % (component["name"], "serves" if serves else "does not serve"), flush=True)
        well = well and serves
    return 0 if well else 1


def drain(manifest, server):
    """Hands over and stops everything, in the opposite order; until the next start, or resume, it stays so."""
    write(DRAINED, "")
    failed = False
    for component in reversed(manifest["components"]):
        if component["drain"]:
            command = fill(component["drain"], server, component["name"], stored_secret)
            if not shell(command, 600):
                log("%s did not drain" % component["name"])
                failed = True
        for unit in reversed(component["units"]):
            systemctl("stop", unit)
    return 1 if failed else 0


def backup(manifest, server, folder):
    failed = False
    for component in manifest["components"]:
        if component["backup"]:
            own = os.path.join(os.path.abspath(folder), component["name"])
            os.makedirs(own, mode=0o700, exist_ok=True)
            command = fill(component["backup"], server, component["name"], stored_secret)
            done = shell(command, None, BACKUP_DIRECTORY=own)
            print("%s: %s" % (component["name"], "kept in " + own if done else "backup failed"), flush=True)
            failed = failed or not done
    return 1 if failed else 0


def render(manifest, server, root):
    """Only the files, below a folder; secrets that are not there are written as their name."""
    for component in manifest["components"]:
        for file in component["files"]:
            text = fill(file["content"], server, component["name"], shown_secret)
            write(root + file["path"], text, int(file["mode"], 8), None)
    return 0


def shown_secret(component, name):
    try:
        return stored_secret(component, name)
    except Failed:
        return "secret-%s-of-%s" % (name, component)


def main():
    words = argparse.ArgumentParser(prog="bring-up", description="Brings this server up as its lease says.")
    words.add_argument("--manifest", default=CONFIGURATION + "/manifest.json")
    words.add_argument("--metadata", help="a file instead of the metadata service")
    verbs = words.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("apply", help="install, write files, start units (the default)")
    verbs.add_parser("health", help="whether each component serves")
    verbs.add_parser("drain", help="hand over, then stop")
    verbs.add_parser("resume", help="start again after drain")
    verbs.add_parser("backup", help="back every component up").add_argument("folder")
    verbs.add_parser("render", help="only write the files").add_argument("--root", required=True)
    asked = words.parse_args()
    with open(asked.manifest) as file:
        manifest = json.load(file)
    try:
        if asked.metadata:
            with open(asked.metadata) as file:
                metadata = json.load(file)
        else:
            metadata = fetch_metadata()
        if asked.verb in ("health", "backup", "render"):
            server = Server(manifest, metadata)
            if asked.verb == "backup":
                return backup(manifest, server, asked.folder)
            return render(manifest, server, asked.root) if asked.verb == "render" else health(manifest, server)
        with open("/run/tandem-bring-up.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if asked.verb == "drain":
                return drain(manifest, Server(manifest, metadata))
            if asked.verb == "resume" and os.path.exists(DRAINED):
                os.unlink(DRAINED)
            return apply(manifest, metadata)
    except Failed as error:
        print(error, file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
`;

/**
 * The program that keeps Consul on an instance as its parameters say, for Python 3.9 and later without any package.
 *
 * - `prepare`, before each start: reads both parameters, fetches Consul unless it is there, and writes its settings. What AWS does not answer
 *   ends the start, and systemd tries again; an instance that had its settings before starts with them.
 * - `follow`, by a timer: what changed since is written. Settings that need a restart wait for the turn of a server: its own minute, and only
 *   while the others could lose one more, or where there is no leader to lose. A renewed certificate is read by the running agent.
 *
 * Placeholders are those of components: `@{name}`, `@{address}` and `@{secret NAME}`.
 */
export const CONSUL_PROGRAM = String.raw`#!/usr/bin/python3
import hashlib, json, os, re, shutil, socket, subprocess, sys, time, urllib.request, zipfile

REGION, PARAMETER = os.environ["TANDEM_REGION"], os.environ["TANDEM_CONSUL_PARAMETER"]
PROGRAM = "/opt/tandem/bin/consul"
STAMP = PROGRAM + ".sha256"
UNIT = "tandem-consul.service"


def aws(*words):
    done = subprocess.run(["aws", *words, "--region", REGION], stdout=subprocess.PIPE, timeout=60, check=True)
    return done.stdout.decode()


def parameter(name):
    query = ["--query", "Parameter.Value", "--output", "text"]
    return json.loads(aws("ssm", "get-parameter", "--name", name, "--with-decryption", *query))


def own_address(servers):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nothing_is_sent:
        nothing_is_sent.connect((servers[0], 9))
        return nothing_is_sent.getsockname()[0]


def content(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def put(path, text, mode):
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    shutil.chown(path + ".new", "root", "consul")
    os.chmod(path + ".new", mode)
    os.replace(path + ".new", path)


def install(archive):
    if content(STAMP) == archive["sha256"] and os.path.exists(PROGRAM):
        return
    os.makedirs(os.path.dirname(PROGRAM), exist_ok=True)
    packed = PROGRAM + ".zip"
    aws("s3", "cp", "--only-show-errors", "s3://%s/%s" % (archive["bucket"], archive["key"]), packed)
    with open(packed, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != archive["sha256"]:
        sys.exit("%s has another checksum than %s: %s" % (archive["key"], archive["sha256"], found))
    with zipfile.ZipFile(packed) as all_files, open(PROGRAM + ".new", "wb") as file:
        shutil.copyfileobj(all_files.open("consul"), file)
    os.unlink(packed)
    os.chmod(PROGRAM + ".new", 0o755)
    os.replace(PROGRAM + ".new", PROGRAM)
    put(STAMP, archive["sha256"], 0o644)


def wanted():
    said = parameter(PARAMETER)
    secrets = parameter(said["secrets"])
    own = {"name": socket.gethostname().split(".")[0], "address": own_address(said["servers"])}

    def filled(text):
        text = re.sub(r"@\{(name|address)\}", lambda found: own[found[1]], text)
        return re.sub(r"@\{secret ([\w.-]+)\}", lambda found: secrets[found[1]], text)

    files = [{**each, "content": filled(each["content"])} for each in said["files"]]
    return said, own["address"], files


def write(files):
    for each in files:
        put(each["path"], each["content"], int(each.get("mode", "0644"), 8) & ~0o007)


def forget(files):
    kept = {os.path.basename(each["path"]) for each in files}
    for name in set(os.listdir("/etc/consul.d")) - kept:
        os.unlink(os.path.join("/etc/consul.d", name))


def ask(path):
    try:
        with urllib.request.urlopen("http://127.0.0.1:8500/v1/" + path, timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def may_restart(servers, address):
    if address not in servers:
        return True
    if int(time.time() / 60) % len(servers) != servers.index(address):
        return False
    health = ask("operator/autopilot/health") or {}
    return health.get("FailureTolerance", 0) > 0 or not ask("status/leader")


def prepare():
    try:
        said, _, files = wanted()
        install(said["archive"])
    except (subprocess.SubprocessError, OSError, ValueError, KeyError) as error:
        if content(STAMP) is None or content("/etc/consul.d/consul.hcl") is None:
            sys.exit("not yet: %r" % error)
        return print("goes on with what it had: %r" % error, flush=True)
    write(files)
    forget(files)


def follow():
    said, address, files = wanted()
    changed = [each for each in files if content(each["path"]) != each["content"]]
    restarts = [each for each in changed if each["onChange"] == "restart"]
    write([each for each in changed if each["onChange"] != "restart"])
    if restarts or content(STAMP) != said["archive"]["sha256"]:
        if not may_restart(said["servers"], address):
            return print("waits for its turn to restart", flush=True)
        print("restarts for %s" % ([each["path"] for each in restarts] or "another Consul"), flush=True)
        # It is stopped, and what is new is written by the start.
        subprocess.run(["systemctl", "restart", UNIT], check=True)
    elif any(each["onChange"] == "reload" for each in changed):
        print("takes %s" % [each["path"] for each in changed], flush=True)
        subprocess.run(["systemctl", "reload", UNIT], check=True)


{"prepare": prepare, "follow": follow}[sys.argv[1]]()
`;

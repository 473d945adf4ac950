import { LINK_STATE_PATH } from '../../components/link-gateway/program.ts';

/**
 * Asks a gateway everything at once, on the gateway: its prober, strongSwan, FRR, and which packet is the largest that passes each tunnel,
 * found by halving. Two echoes each, as one may be lost by chance. Python 3 of its standard library, which the gateway has.
 */
const PROGRAM = String.raw`
import concurrent.futures, json, subprocess, time
def said(*command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
def text(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
settings = json.loads(text("/etc/tandem-link/settings.json") or '{"tunnels": [], "mtu": 0}')
def passes(tunnel, size):
    return " bytes from " in said("ping", "-n", "-c", "2", "-i", "0.2", "-W", "1", "-M", "do", "-s", str(size - 28), "-I", tunnel["interface"], tunnel["far"])
def largest(tunnel):
    low, high = 576, settings["mtu"]
    if passes(tunnel, high):
        return high
    if not passes(tunnel, low):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if passes(tunnel, middle) else (low, middle)
    return low
with concurrent.futures.ThreadPoolExecutor() as pool:
    sizes = list(pool.map(largest, settings["tunnels"]))
print(json.dumps({
    "now": time.time(), "state": text("${LINK_STATE_PATH}"),
    "sas": said("swanctl", "--list-sas", "--raw"), "bgp": said("vtysh", "-c", "show bgp ipv4 unicast json"),
    "largest": {str(each["index"]): size for each, size in zip(settings["tunnels"], sizes)},
}))
`;

export const QUESTION: readonly string[] = ['python3', '-c', PROGRAM.trim()];

import type { HostCommand } from '../../private-cloud/members/ports.ts';

/**
 * Runs on a host, in the Python that Ansible needs there, and prints what `HostSurvey` describes. Asks the container engine once for all
 * containers, and runs the host's commands at once, each with its own time limit. Changes nothing. Without pairs of braces, which Ansible
 * would take for a template.
 */
const SCRIPT = `
import concurrent.futures, datetime, json, os, re, socket, subprocess, sys
ENGINE, ASKED = sys.argv[1], json.loads(sys.argv[2])
def run(argv, seconds):
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=seconds)
        return dict(code=done.returncode, stdout=done.stdout, stderr=done.stderr)
    except subprocess.TimeoutExpired:
        return dict(code=124, stdout="", stderr="")
    except OSError as error:
        return dict(code=127, stdout="", stderr=str(error))
def seconds_of(text):
    found = re.match(r"(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d)", text or "")
    zone = re.search(r"([+-]\\d\\d):?(\\d\\d)", (text or "")[19:])
    if not found:
        return 0
    at = datetime.datetime.fromisoformat(found.group(1) + "T" + found.group(2) + "+00:00").timestamp()
    return at if not zone else at - (int(zone.group(1)) * 3600 + int(zone.group(1)[0] + zone.group(2)) * 60)
def changed(folder):
    times = [0]
    for place, _, files in os.walk(folder):
        times += [os.stat(os.path.join(place, name)).st_mtime for name in files]
    return max(times)
def container(found):
    state = found.get("State") or dict()
    health = (state.get("Health") or state.get("Healthcheck") or dict()).get("Status") or None
    folders = [each.get("Source") for each in found.get("Mounts") or [] if (each.get("Destination") or "").rstrip("/") == "/var/lib/kolla/config_files"]
    started = seconds_of(state.get("StartedAt"))
    image = (found.get("Config") or dict()).get("Image") or found.get("ImageName") or ""
    running = state.get("Status") or ""
    stale = running == "running" and any(changed(folder) > started + 1 for folder in folders)
    return dict(name=found["Name"].lstrip("/"), image=image, state=running, health=health, isStale=stale)
def containers():
    ids = run([ENGINE, "ps", "--all", "--quiet", "--no-trunc"], 60)["stdout"].split()
    found = run([ENGINE, "inspect", "--type", "container"] + ids, 60)["stdout"] if ids else "[]"
    return sorted((container(each) for each in json.loads(found or "[]")), key=lambda each: each["name"])
def answer(asked):
    inside = [ENGINE, "exec", asked["container"]] if asked.get("container") else []
    return run(inside + asked["argv"], asked["seconds"])
own = ASKED.get(sys.argv[3], [])
with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
    listed = pool.submit(containers)
    answers = list(pool.map(answer, own))
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read().strip()
    print(json.dumps(dict(bootId=boot, containers=listed.result(), answers=answers)))
`;

/** Arguments of `ansible.builtin.command`, the same for every host: `inventory_hostname` tells each which commands are its own. */
export function surveyArguments(engine: string, commands: readonly HostCommand[]): string {
  const asked = Object.fromEntries(
    [...Map.groupBy(commands, ({ host }) => host)].map(([host, own]) => [
      host,
      own.map(({ container, argv, timeoutSeconds = 60 }) => ({ container, argv, seconds: timeoutSeconds })),
    ]),
  );
  // Braces in a row stand only inside of texts, where JSON has another way to write them.
  const text = JSON.stringify(asked).replaceAll(/\{(?=[{%#])/g, '\\u007b');
  const argv = ['python3', '-', engine, text, '{{ inventory_hostname }}'];
  return JSON.stringify({ argv, stdin: SCRIPT });
}

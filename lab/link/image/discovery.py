"""
What an application asks of Consul's servers of its side until it is ended, one line of JSON for each: a number is written every 50 ms, one after
the other, and instances of a service are asked for every 100 ms, from whichever server answers. `discovery.py FILE PREFIX SERVER...`
"""
import http.client, json, signal, sys, threading, time

WRITE_EVERY, READ_EVERY = 0.05, 0.1
# A server that says nothing for so long is left for the next one. Who has no leader holds a write for up to 7 s (Consul, RPCHoldTimeout).
PATIENCE, ATTEMPTS = 1.0, 2
path, prefix, *servers = sys.argv[1:]
out = open(path, "w", buffering=1)
lock = threading.Lock()
ending = threading.Event()
preferred = [0]


def say(**what):
    with lock:
        out.write(json.dumps(what) + "\n")


def once(server, method, what, body=None):
    """What it answered; None where it did not, or that it can't."""
    made = http.client.HTTPConnection(server, timeout=PATIENCE)
    try:
        made.request(method, "/v1/" + what, body)
        answer = made.getresponse()
        text = answer.read()
        return json.loads(text) if answer.status == 200 else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        made.close()


def ask(method, what, body=None, attempts=ATTEMPTS):
    """Of the server that answered last, then of the others."""
    first = preferred[0]
    for number in range(first, first + attempts * len(servers)):
        answer = once(servers[number % len(servers)], method, what, body)
        if answer is not None:
            preferred[0] = number % len(servers)
            return answer
    return None


def write():
    number = 0
    while not ending.is_set():
        number += 1
        # It is written when somebody said so: until then the same again.
        while not ending.is_set() and ask("PUT", "kv/%s/%d" % (prefix, number), str(number)) is not True:
            time.sleep(0.02)
        if not ending.is_set():
            say(kind="write", at=time.time(), number=number, ok=True)
        ending.wait(WRITE_EVERY)


def read():
    began = time.time()
    found = ask("GET", "health/service/drill?passing&stale")
    say(kind="read", at=began, ok=bool(found), seconds=round(time.time() - began, 3))


def reads():
    """A slow one holds no other up."""
    asked = []
    while not ending.is_set():
        asked.append(threading.Thread(target=read))
        asked[-1].start()
        ending.wait(READ_EVERY)
    for each in asked:
        each.join()


signal.signal(signal.SIGTERM, lambda *_: ending.set())
threads = [threading.Thread(target=write), threading.Thread(target=reads)]
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    time.sleep(0.1)
say(kind="end")

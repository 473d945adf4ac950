"""
What a client of one side sends to the other until it is ended, one line of JSON for each: an echo request every 50 ms, a number every
50 ms over one TCP connection that is never opened again, and a DNS question every 200 ms, as the C library asks two name servers.
`traffic.py FILE TARGET PORT [NAME ADDRESS RESOLVER RESOLVER]`
"""
import json, os, select, signal, socket, struct, sys, threading, time

EVERY, QUESTION_EVERY = 0.05, 0.2
# What resolv.conf(5) has by default: `timeout:5 attempts:2`. With two servers, glibc waits as long for either (resolv/res_send.c, send_dg).
PATIENCE, ATTEMPTS = 5.0, 2
# Not implemented, failed, refused (RFC 1035, 4.1.1): the next server is asked at once.
NEXT = (2, 4, 5)
path, target, port, *names = sys.argv[1:]
out = open(path, "w", buffering=1)
lock = threading.Lock()
ending = threading.Event()


def say(**what):
    with lock:
        out.write(json.dumps(what) + "\n")


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ping():
    made = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    ident, number, sent = os.getpid() & 0xFFFF, 0, {}
    due = time.monotonic()
    last = None
    while last is None or time.monotonic() < last:
        if ending.is_set() and last is None:
            last = time.monotonic() + 1
        now = time.monotonic()
        if now >= due and last is None:
            due = max(due + EVERY, now)
            number = (number + 1) % 65536
            head = struct.pack("!BBHHH", 8, 0, 0, ident, number) + b"tandem--"
            head = head[:2] + struct.pack("!H", checksum(head)) + head[4:]
            sent[number] = time.time()
            try:
                made.sendto(head, (target, 0))
            except OSError:
                pass
        ready, _, _ = select.select([made], [], [], max(0, min(due - now, EVERY)))
        if ready:
            packet = made.recv(512)
            kind, _, _, whose, which = struct.unpack("!BBHHH", packet[20:28])
            if kind == 0 and whose == ident and which in sent:
                say(kind="ping", at=sent.pop(which), ok=True)
    for at in sent.values():
        say(kind="ping", at=at, ok=False)


def session():
    """One connection: every number that was sent has to come back, in order."""
    sent = back = 0
    waiting = b""
    failure = None
    try:
        made = socket.create_connection((target, int(port)), timeout=10)
        made.settimeout(0.05)
        stop = None
        while stop is None or (back < sent and time.monotonic() < stop):
            if ending.is_set() and stop is None:
                stop = time.monotonic() + 60
            if stop is None:
                sent += 1
                made.setblocking(True)
                made.sendall(b"%010d" % sent)
                made.settimeout(EVERY)
            until = time.monotonic() + EVERY
            while time.monotonic() < until:
                try:
                    more = made.recv(4096)
                except socket.timeout:
                    break
                if not more:
                    raise ConnectionError("the connection was closed")
                waiting += more
                while len(waiting) >= 10:
                    back += 1
                    if int(waiting[:10]) != back:
                        raise ConnectionError("%s came back, not %d" % (waiting[:10], back))
                    waiting = waiting[10:]
    except (OSError, ValueError) as error:
        failure = str(error)
    say(kind="session", sent=sent, back=back, failure=failure)


def question(name, number):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1)


def ask(name, address, resolvers, number):
    """One question of an application: it fails where neither server has answered in any attempt."""
    began, answer = time.time(), None
    for resolver in resolvers * ATTEMPTS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
            made.settimeout(PATIENCE)
            try:
                # Connected, as glibc does it: that nobody listens is known at once.
                made.connect((resolver, 53))
                made.send(question(name, number))
                answer = made.recv(512)
            except OSError:
                continue
        if answer[3] & 15 not in NEXT:
            break
    good = answer is not None and answer[3] & 15 == 0 and socket.inet_aton(address) in answer
    say(kind="question", at=began, ok=good, seconds=round(time.time() - began, 3))


def questions(name, address, *resolvers):
    """A slow one holds no other up."""
    asked = []
    while not ending.is_set():
        asked.append(threading.Thread(target=ask, args=(name, address, resolvers, len(asked) % 65536)))
        asked[-1].start()
        ending.wait(QUESTION_EVERY)
    for each in asked:
        each.join()


signal.signal(signal.SIGTERM, lambda *_: ending.set())
threads = [threading.Thread(target=ping), threading.Thread(target=session)]
if names:
    threads.append(threading.Thread(target=questions, args=names))
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    time.sleep(0.1)
say(kind="end")

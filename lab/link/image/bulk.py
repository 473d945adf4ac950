"""How many bytes TCP moves in some seconds, written and read: `bulk.py TARGET PORT SECONDS`. Says JSON, in megabits a second."""
import json, socket, sys, time

target, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])


def move(way):
    made = socket.create_connection((target, port), timeout=5)
    made.settimeout(1)
    made.sendall(way)
    total, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            total += len(made.recv(1 << 20)) if way == b"r" else made.send(b"x" * 65536)
        except socket.timeout:
            continue
    # What waits to be sent was not moved.
    waiting = int.from_bytes(__import__("fcntl").ioctl(made, 0x5411, b"\0" * 4), sys.byteorder) if way == b"w" else 0
    segment = made.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    made.close()
    return {"megabits": round((total - waiting) * 8 / seconds / 1e6, 1), "segment": segment}


print(json.dumps({"sent": move(b"w"), "received": move(b"r")}))

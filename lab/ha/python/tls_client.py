"""Requests to a TLS address until standard input ends: `tls_client.py ADDRESS PORT NAME CA`.

One thread connects anew for each request, as most clients do; another keeps its connection as long as the server lets it, and sends one
request after the other; where the server closed it before the next one was sent, that one is sent again, as clients do. Each certificate
is verified against the authority and the name. One line of JSON on standard output: requests, those that failed, those that were
sent again, and the certificates that were met, in order, each with its number of requests.
"""
import hashlib
import http.client
import json
import ssl
import sys
import threading
import time

ADDRESS, PORT, NAME, CA = sys.argv[1:5]
STOP = threading.Event()
LOCK = threading.Lock()
COUNTS = {'requests': 0, 'failed': 0, 'repeated': 0}
FAULTS, MET = [], []


class Connection(http.client.HTTPSConnection):
    """To an address, with a name of its own."""

    def connect(self):
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=NAME)


def open_connection():
    connection = Connection(ADDRESS, int(PORT), timeout=20, context=ssl.create_default_context(cafile=CA))
    connection.connect()
    return connection


def ask(connection):
    # Asked first: with the answer the connection may be closed.
    shown = hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
    connection.request('GET', '/healthcheck')
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError('status %s' % answer.status)
    return shown, answer.will_close


def note(shown, error=None):
    with LOCK:
        COUNTS['requests'] += 1
        if error is not None:
            COUNTS['failed'] += 1
            FAULTS.append('%.3f %s' % (time.time(), error))
        elif shown is not None:
            if not MET or MET[-1][0] != shown:
                MET.append([shown, 0])
            MET[-1][1] += 1


def anew():
    while not STOP.is_set():
        try:
            connection = open_connection()
            shown, _ = ask(connection)
            connection.close()
            note(shown)
        except Exception as error:  # noqa: BLE001: whatever it was, the request failed
            note(None, repr(error))
        STOP.wait(0.01)


def kept():
    connection = None
    was_kept = False
    while not STOP.is_set():
        try:
            was_kept = connection is not None
            if connection is None:
                connection = open_connection()
            shown, closes = ask(connection)
            note(None)
            # The server says so in its answer: nothing that was asked is lost.
            if closes:
                connection = None
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            # Nothing of an answer came: the connection was closed while it was idle.
            connection = None
            if was_kept:
                COUNTS['repeated'] += 1
                continue
            note(None, repr(error))
        except Exception as error:  # noqa: BLE001
            note(None, repr(error))
            connection = None
        STOP.wait(0.01)


threads = [threading.Thread(target=each) for each in (anew, anew, kept)]
for each in threads:
    each.start()
print('ready', flush=True)
sys.stdin.read()
STOP.set()
for each in threads:
    each.join()
print(json.dumps({**COUNTS, 'faults': FAULTS[:5], 'met': MET}))

"""The other end of `traffic.py`: sends back what comes over TCP; on the next port it reads or writes as fast as it can. `peer.py PORT`"""
import socketserver, sys, threading

port = int(sys.argv[1])


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(65536)
            if not data:
                return
            self.request.sendall(data)


class Bulk(socketserver.BaseRequestHandler):
    """First byte: `w` reads all and says how much, `r` writes until the other end closes."""

    def handle(self):
        way = self.request.recv(1)
        total = 0
        try:
            while way == b"w":
                data = self.request.recv(1 << 20)
                if not data:
                    break
                total += len(data)
            while way == b"r":
                self.request.sendall(b"x" * 65536)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


threading.Thread(target=Server(("0.0.0.0", port + 1), Bulk).serve_forever, daemon=True).start()
Server(("0.0.0.0", port), Echo).serve_forever()

"""The metadata service of one server, in its network namespace: answers with the last line that came on its standard input."""
import http.server
import sys
import threading

known = [sys.stdin.readline().encode()]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/openstack/latest/meta_data.json":
            self.send_error(404)
            return
        body = known[0]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("169.254.169.254", 80), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    known[0] = line.encode()

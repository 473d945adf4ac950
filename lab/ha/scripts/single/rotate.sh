# A balancer with TLS and one back end under load: the certificate is replaced as planned, and clients go on.
set -eu
cd /root
mkdir -p /etc/haproxy/certificates /etc/haproxy/services.d /run/haproxy
cat >backend.py <<'P'
import http.server
import socketserver


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '2')
        self.end_headers()
        self.wfile.write(b'ok')

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 200


Server(('127.0.0.1', 8080), Handler).serve_forever()
P
python3 backend.py 2>/dev/null &
# Global settings and defaults are Kolla's, but for the log, which has no place here.
cat >/etc/haproxy/haproxy.cfg <<'C'
global
    maxconn 4000
    nbthread 1
    stats socket /run/haproxy/haproxy.sock mode 660
defaults
    mode http
    option redispatch
    retries 3
    timeout http-request 10s
    timeout http-keep-alive 10s
    timeout queue 1m
    timeout connect 1000ms
    timeout client 1m
    timeout server 1m
C
cat >/etc/haproxy/services.d/front.cfg <<'C'
frontend front
    bind 127.0.0.1:15000 ssl crt /etc/haproxy/certificates/haproxy-internal.pem
    default_backend back
backend back
    server one 127.0.0.1:8080
C
install -m 600 /given/old.pem /etc/haproxy/certificates/haproxy-internal.pem
haproxy -W -db -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/services.d/ >/tmp/haproxy.log 2>&1 &
haproxy=$!
sleep 2
haproxy -v | head -1
python3 /given/tls_client.py 127.0.0.1 15000 "$(cat /given/name)" /given/authority.pem < <(sleep 12) >seen &
clients=$!
sleep 4
install -m 600 /given/new.pem /etc/haproxy/certificates/haproxy-internal.pem
sh -c "$(cat /given/check)"
kill -USR2 "$haproxy"
wait "$clients"
tail -1 seen

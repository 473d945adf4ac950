"""What HAProxy asks before it sends a writer to this host's database: `clustercheck.py ADDRESS PORT`.

A donor counts as well: with mariabackup it goes on answering, and without it a host that joins would take the writer out.
"""
import http.server
import sys

import pymysql

WANTED = "show status where Variable_name in ('wsrep_local_state', 'wsrep_cluster_status', 'wsrep_ready')"
DONOR, SYNCED = '2', '4'


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with pymysql.connect(unix_socket='/run/mysqld/mysqld.sock', user='root', connect_timeout=1,
                                 read_timeout=1) as connection, connection.cursor() as cursor:
                cursor.execute(WANTED)
                status = dict(cursor.fetchall())
            good = (status.get('wsrep_local_state') in (DONOR, SYNCED) and status.get('wsrep_ready') == 'ON'
                    and status.get('wsrep_cluster_status') == 'Primary')
        except Exception as error:  # noqa: BLE001: any of them means that it cannot be written to
            good, status = False, {'error': str(error)[:80]}
        body = ('%s\n' % status).encode()
        try:
            self.send_response(200 if good else 503)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # HAProxy reads the status, and leaves.

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()

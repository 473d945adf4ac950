"""Stands in for Glance: `images.py ADDRESS PORT`. It knows one active image, which is all that Nova's API asks of it."""
import http.server
import json
import sys

IMAGE = {
    'id': '11111111-1111-4111-8111-111111111111', 'name': 'drill', 'status': 'active', 'visibility': 'public',
    'container_format': 'bare', 'disk_format': 'raw', 'size': 1048576, 'min_disk': 0, 'min_ram': 0, 'checksum': '',
    'created_at': '2026-01-01T00:00:00Z', 'updated_at': '2026-01-01T00:00:00Z', 'tags': [], 'protected': False,
    'self': '/v2/images/11111111-1111-4111-8111-111111111111', 'file': '/v2/images/x/file', 'schema': '/v2/schemas/image',
    'owner': None,
}
PROPERTY = {'type': 'string'}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split('?')[0].rstrip('/')
        if path == '/v2/images/' + IMAGE['id']:
            self.answer(200, IMAGE)
        elif path == '/v2/schemas/image':
            self.answer(200, {'name': 'image', 'properties': {key: {} for key in IMAGE}, 'additionalProperties': PROPERTY})
        elif path in ('', '/versions'):
            link = [{'rel': 'self', 'href': 'http://%s/v2/' % self.headers['Host']}]
            self.answer(300, {'versions': [{'id': 'v2.9', 'status': 'CURRENT', 'links': link}]})
        else:
            self.answer(404, {'message': 'no such image'})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()

"""Users and endpoints of Nova and Neutron, once: `catalogue.py SETTINGS`. What Kolla's `service-ks-register` makes."""
import json
import sys
import urllib.request

with open(sys.argv[1]) as file:
    SETTINGS = json.load(file)
URL = SETTINGS['url']


def call(method, path, body=None, token=None):
    request = urllib.request.Request(URL + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                     headers={'Content-Type': 'application/json', **({'X-Auth-Token': token} if token else {})})
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return answer.headers, json.loads(text) if text else {}


user = {'name': 'admin', 'domain': {'id': 'default'}, 'password': SETTINGS['adminPassword']}
scope = {'project': {'name': 'admin', 'domain': {'id': 'default'}}}
headers, _ = call('POST', '/auth/tokens', {
    'auth': {'identity': {'methods': ['password'], 'password': {'user': user}}, 'scope': scope}})
token = headers['X-Subject-Token']
roles = {role['name']: role['id'] for role in call('GET', '/roles', token=token)[1]['roles']}
if 'service' not in roles:
    roles['service'] = call('POST', '/roles', {'role': {'name': 'service'}}, token)[1]['role']['id']
project = call('POST', '/projects', {'project': {'name': 'service', 'domain_id': 'default'}}, token)[1]['project']['id']
for entry in SETTINGS['services']:
    made = call('POST', '/users', {'user': {'name': entry['name'], 'password': entry['password'], 'domain_id': 'default'}}, token)
    for role in ('admin', 'service'):
        call('PUT', '/projects/%s/users/%s/roles/%s' % (project, made[1]['user']['id'], roles[role]), token=token)
    service = call('POST', '/services', {'service': {'name': entry['name'], 'type': entry['type']}}, token)[1]['service']['id']
    for face in ('public', 'internal', 'admin'):
        call('POST', '/endpoints', {'endpoint': {'service_id': service, 'interface': face, 'region_id': SETTINGS['region'],
                                                 'url': entry['url']}}, token)

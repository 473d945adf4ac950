"""What a lease has of these controllers' APIs, as its owner makes and manages it: `leases.py SETTINGS make|manage|known [NAME…]`.

A lease is a project with its user, a network with a subnet, a port and a server (accepted by Nova's API; nothing here runs it, and to delete it
Nova would ask Placement, which is not here: it is only asked for). `manage` does to each what `env extend`, a change and `env destroy` do: the
project's description is written, a port is added and taken away, everything else is deleted, each asked for first. `known` lists what the services know. One document of JSON on standard output.
"""
import json
import sys
import time
import urllib.error
import urllib.request

with open(sys.argv[1]) as file:
    SETTINGS = json.load(file)
BASE = {service: 'http://%s:%d%s' % (SETTINGS['vip'], port, path) for service, port, path in (
    ('identity', 5000, '/v3'), ('network', 9696, '/v2.0'), ('compute', 8774, '/v2.1'))}
KEPT = '/tmp/leases.json'


def call(method, service, path, body=None, token=None):
    headers = {'Content-Type': 'application/json', 'OpenStack-API-Version': 'compute 2.37'}
    if token:
        headers['X-Auth-Token'] = token
    request = urllib.request.Request(BASE[service] + path, method=method, headers=headers,
                                     data=None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return answer.headers, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        raise RuntimeError('%s %s: %s %s' % (method, path, error.code, error.read()[:120])) from None


def login(name, password, project):
    user = {'name': name, 'domain': {'id': 'default'}, 'password': password}
    scope = {'project': {'name': project, 'domain': {'id': 'default'}}}
    headers, body = call('POST', 'identity', '/auth/tokens', {
        'auth': {'identity': {'methods': ['password'], 'password': {'user': user}}, 'scope': scope}})
    return headers['X-Subject-Token'], body['token']


def admin():
    return login('admin', SETTINGS['adminPassword'], 'admin')[0]


def make(name, token):
    def post(service, path, key, value, by=token):
        # A Neutron that was just started may fail before it knows OVN's leader: this is not what is tried here.
        for attempt in range(10):
            try:
                return call('POST', service, path, {key: value}, by)[1][key]
            except RuntimeError as error:
                if ': 500 ' not in str(error) or attempt == 9:
                    raise
                time.sleep(2)

    project = post('identity', '/projects', 'project', {'name': name, 'domain_id': 'default'})['id']
    user = post('identity', '/users', 'user', {'name': name, 'password': name, 'domain_id': 'default'})['id']
    roles = call('GET', 'identity', '/roles?name=member', token=token)[1]['roles']
    call('PUT', 'identity', '/projects/%s/users/%s/roles/%s' % (project, user, roles[0]['id']), token=token)
    own = login(name, name, name)[0]
    network = post('network', '/networks', 'network', {'name': name}, own)['id']
    subnet = post('network', '/subnets', 'subnet', {'network_id': network, 'ip_version': 4, 'cidr': '10.9.0.0/24'}, own)['id']
    port = post('network', '/ports', 'port', {'network_id': network, 'name': name}, own)['id']
    server = post('compute', '/servers', 'server', {
        'name': name, 'imageRef': SETTINGS['image'], 'flavorRef': SETTINGS['flavor'], 'networks': 'none'}, own)['id']
    # What cannot be asked for now says nothing later.
    call('GET', 'compute', '/servers/' + server, token=own)
    return {'project': project, 'user': user, 'network': network, 'subnet': subnet, 'port': port, 'server': server}


def manage(name, lease, token):
    call('PATCH', 'identity', '/projects/' + lease['project'], {'project': {'description': 'extended'}}, token)
    own = login(name, name, name)[0]
    for kind in ('network', 'subnet', 'port'):
        call('GET', 'network', '/%ss/%s' % (kind, lease[kind]), token=own)
    call('GET', 'compute', '/servers/' + lease['server'], token=own)
    more = call('POST', 'network', '/ports', {'port': {'network_id': lease['network']}}, own)[1]['port']['id']
    call('DELETE', 'network', '/ports/' + more, token=own)
    for kind in ('port', 'subnet', 'network'):
        call('DELETE', 'network', '/%ss/%s' % (kind, lease[kind]), token=own)
    call('DELETE', 'identity', '/users/' + lease['user'], token=token)
    call('DELETE', 'identity', '/projects/' + lease['project'], token=token)


def known(token):
    def ids(service, path, key):
        return [each['id'] for each in call('GET', service, path, token=token)[1][key]]

    return {'networks': ids('network', '/networks?fields=id', 'networks'),
            'routers': ids('network', '/routers?fields=id', 'routers'),
            'ports': ids('network', '/ports?fields=id', 'ports'), 'servers': [],
            'projects': ids('identity', '/projects', 'projects')}


def kept():
    try:
        with open(KEPT) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def main(verb, names):
    token = admin()
    if verb == 'known':
        return known(token)
    leases = kept()
    if verb == 'make':
        for name in names:
            leases[name] = make(name, token)
        with open(KEPT, 'w') as file:
            json.dump(leases, file)
        return {name: leases[name] for name in names}
    faults = {}
    for name in names:
        for _ in range(2):
            try:
                manage(name, leases[name], token)
                faults.pop(name, None)
                break
            except Exception as error:  # noqa: BLE001: whatever it was, the lease could not be managed
                # What comes after it may be missing because of it.
                faults.setdefault(name, repr(error))
                time.sleep(2)
    return faults


print(json.dumps(main(sys.argv[2], sys.argv[3:])))

"""The drill's client, on a host of its own: `client.py SETTINGS LOG`. It sends requests until its standard input ends, then reads
back what was acknowledged.

It knows brokers and databases of OVN by its settings, and by /tmp/client-hosts.json, which it reads again before it connects: as a
service that was reconfigured knows others.

Through the VIP: SQL inserts (one long connection), Keystone tokens, servers (Nova's API), subnet pools (Neutron's API: `network`).
At OVN's northbound databases: a transaction, by ovn-nbctl. At the brokers, as OpenStack's services do: a publish with confirm to each
of three quorum queues, each led by another broker; a publisher begins at the broker after its queue's leader, and tries the next one
when that fails, and to a stream, as OpenStack's fan-out uses them. RabbitMQ 3.10 looks for the leader where it was when the channel was opened: only a new attempt finds another.

Every line of LOG is one request: {"probe", "start", "end", "ok", "detail"}; "start" and "end" in seconds since 1970.
The last line is {"summary": …}: numbers that were acknowledged, read back, and lost.
"""
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import amqp
import pymysql

with open(sys.argv[1]) as file:
    SETTINGS = json.load(file)
LOG = open(sys.argv[2], 'w', buffering=1)
LOCK = threading.Lock()
STOP = threading.Event()
VIP = SETTINGS['vip']
TOLD = '/tmp/client-hosts.json'
RUN, PROBES = SETTINGS['run'], SETTINGS['probes']
ACKNOWLEDGED = set()
CONFIRMED = {}


def hosts(kind):
    """`brokers` or `ovn`: what it was told last."""
    try:
        with open(TOLD) as told:
            return json.load(told)[kind]
    except FileNotFoundError:
        return SETTINGS[kind]


def record(probe, start, ok, detail=''):
    with LOCK:
        LOG.write(json.dumps({'probe': probe, 'start': round(start, 3), 'end': round(time.time(), 3), 'ok': ok,
                              'detail': str(detail)[:160]}) + '\n')


def every(period, probe, attempt, failed=lambda: None):
    """Attempts as often as that, or as fast as attempts end; a failure is followed by the next attempt, not by a rest."""
    while not STOP.is_set():
        start = time.time()
        try:
            record(probe, start, True, attempt())
        except Exception as error:  # noqa: BLE001: whatever it was, the request failed
            record(probe, start, False, repr(error))
            failed()
            time.sleep(0.05)
            continue
        STOP.wait(max(0.0, period - (time.time() - start)))


def call(method, url, body=None, token=None, timeout=3.0):
    headers = {'Content-Type': 'application/json', **({'X-Auth-Token': token} if token else {})}
    request = urllib.request.Request(url, method=method, headers=headers,
                                     data=None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
            return answer.headers, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        raise RuntimeError('%s %s' % (error.code, error.read()[:120])) from None


def login(timeout=3.0):
    user = {'name': 'admin', 'domain': {'id': 'default'}, 'password': SETTINGS['adminPassword']}
    scope = {'project': {'name': 'admin', 'domain': {'id': 'default'}}}
    headers, _ = call('POST', 'http://%s:5000/v3/auth/tokens' % VIP, timeout=timeout, body={
        'auth': {'identity': {'methods': ['password'], 'password': {'user': user}}, 'scope': scope}})
    return headers['X-Subject-Token']


class Database:
    def __init__(self):
        self.connection = None
        self.number = 0

    def connect(self):
        return pymysql.connect(host=VIP, user='drill', password=SETTINGS['drillPassword'], database='drill', autocommit=True,
                               connect_timeout=1, read_timeout=2, write_timeout=2)

    def insert(self):
        self.number += 1
        if self.connection is None:
            self.connection = self.connect()
        with self.connection.cursor() as cursor:
            cursor.execute('INSERT INTO written (run, number, host) VALUES (%s, %s, @@wsrep_node_name)', (RUN, self.number))
        ACKNOWLEDGED.add(self.number)
        return self.number

    def failed(self):
        self.connection = None

    def read_back(self):
        deadline = time.time() + 60
        while True:
            try:
                with self.connect() as connection, connection.cursor() as cursor:
                    # The reader may be another host than the writer was: it waits for what was acknowledged there.
                    cursor.execute('SET SESSION wsrep_sync_wait = 1')
                    cursor.execute('SELECT number FROM written WHERE run = %s', (RUN,))
                    return {row[0] for row in cursor.fetchall()}
            except pymysql.Error:
                if time.time() > deadline:
                    raise
                time.sleep(0.3)


class Publisher:
    kind = 'quorum'

    def __init__(self, index):
        brokers = hosts('brokers')
        self.leader = brokers[index]['name']
        self.probe = 'queue@' + self.leader
        self.queue = 'drill-%s-%s' % (self.leader, RUN)
        self.order = brokers[index + 1:] + brokers[:index + 1]
        self.at = 0
        self.channel = None
        self.number = 0
        CONFIRMED[self.queue] = set()

    def connect(self, host, patience=1):
        connection = amqp.Connection(host='%s:5672' % host['address'], userid='openstack', confirm_publish=True,
                                     password=SETTINGS['queuePassword'], connect_timeout=1, read_timeout=patience,
                                     write_timeout=patience)
        connection.connect()
        return connection.channel()

    def declare(self):
        """On the broker that shall lead it; one that just came back may refuse for a moment."""
        deadline = time.time() + 60
        while True:
            try:
                return self.declare_once()
            except Exception:  # noqa: BLE001: tried again
                if time.time() > deadline:
                    raise
                time.sleep(1)

    def declare_once(self):
        channel = self.connect(self.order[-1], 15)
        channel.queue_declare(self.queue, durable=True, auto_delete=False, arguments={
            'x-queue-type': self.kind, 'x-queue-leader-locator': 'client-local',
            'x-quorum-initial-group-size' if self.kind == 'quorum' else 'x-initial-cluster-size': len(self.order)})
        channel.connection.close()

    def publish(self):
        if self.channel is None:
            self.channel = self.connect(self.order[self.at])
        self.number += 1
        # A broker that just started confirms what it knows no queue for, and drops it: `mandatory` makes that a failure.
        message = amqp.Message(str(self.number), delivery_mode=2)
        self.channel.basic_publish(message, routing_key=self.queue, mandatory=True)
        CONFIRMED[self.queue].add(self.number)
        return self.order[self.at]['name']

    def failed(self):
        channel, self.channel = self.channel, None
        if channel is not None:
            try:
                channel.connection.collect()
            except Exception:  # noqa: BLE001: it was broken already
                pass
        now = [host['name'] for host in hosts('brokers')]
        if sorted(now) != sorted(host['name'] for host in self.order):
            self.order = hosts('brokers')
        self.at = (self.at + 1) % len(self.order)

    def read_back(self):
        seen = set()
        deadline = time.time() + 60
        while True:
            try:
                channel = self.connect(self.order[self.at])
                while True:
                    message = channel.basic_get(self.queue)
                    if message is None:
                        # Each run has queues of its own: of one that is deleted and declared anew, RabbitMQ 3.10 may lose a member.
                        channel.queue_delete(self.queue)
                        return seen
                    seen.add(int(message.body))
                    channel.basic_ack(message.delivery_tag)
            except Exception:  # noqa: BLE001: tried at the next broker
                self.failed()
                if time.time() > deadline:
                    raise
                time.sleep(0.3)


class StreamPublisher(Publisher):
    """Its messages stay where they are when they are read: each broker with a copy must give them all."""
    kind = 'stream'

    def __init__(self):
        super().__init__(0)
        self.probe = 'stream'
        self.queue = 'compute_fanout-%s' % RUN
        CONFIRMED[self.queue] = set()

    def read_back(self):
        seen = None
        for host in hosts('brokers'):
            there = self.read_at(host)
            seen = there if seen is None else seen & there
        self.connect(hosts('brokers')[0]).queue_delete(self.queue)
        return seen

    def read_at(self, host):
        """As a consumer of the fan-out does, that attaches to its own broker."""
        deadline = time.time() + 60
        wanted = CONFIRMED[self.queue]
        while True:
            there, channel = set(), None
            try:
                channel = self.connect(host, 3)
                channel.basic_qos(0, 100, False)

                def took(message):
                    there.add(int(message.body))
                    channel.basic_ack(message.delivery_tag)

                channel.basic_consume(self.queue, callback=took, arguments={'x-stream-offset': 'first'})
                while wanted - there:
                    channel.connection.drain_events(timeout=5)
                channel.connection.close()
                return there
            except Exception as error:  # noqa: BLE001: tried again
                # Whatever it has was given by now: what is missing then is lost, and waiting brings none of it back.
                if there and max(wanted) in there or time.time() > deadline:
                    record('stream-consumer', time.time(), False, '%s: %r, without %s' % (
                        host['name'], error, sorted(wanted - there)[:8]))
                    return there
                if channel is not None:
                    channel.connection.collect()
                time.sleep(0.3)


class Session:
    """A token that is used for many requests, as clients do; a new one when it is refused."""

    def __init__(self):
        self.token = None
        self.pool = None
        self.number = 0

    def request(self, method, url, body, timeout):
        if self.token is None:
            self.token = login()
        return call(method, url, body, self.token, timeout)[1]

    def failed(self):
        self.token = None


def server(session):
    body = {'server': {'name': 'drill', 'imageRef': SETTINGS['image'], 'flavorRef': SETTINGS['flavor'], 'networks': 'none'}}
    # 2.37: the first with `networks: none`.
    url = 'http://%s:8774/v2.1/servers' % VIP
    if session.token is None:
        session.token = login()
    request = urllib.request.Request(url, method='POST', data=json.dumps(body).encode(), headers={
        'Content-Type': 'application/json', 'X-Auth-Token': session.token, 'OpenStack-API-Version': 'compute 2.37',
        'X-OpenStack-Nova-API-Version': '2.37'})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())['server']['id']
    except urllib.error.HTTPError as error:
        raise RuntimeError('%s %s' % (error.code, error.read()[:120])) from None


def network(session):
    """Writes to Neutron's database: a subnet pool that is made once gets a new description each time."""
    url = 'http://%s:9696/v2.0/subnetpools' % VIP
    if session.pool is None:
        # Under load its first request takes long; nothing is broken meanwhile.
        body = {'subnetpool': {'name': RUN, 'prefixes': ['192.0.2.0/24']}}
        session.pool = session.request('POST', url, body, 60)['subnetpool']['id']
    session.number += 1
    session.request('PUT', '%s/%s' % (url, session.pool), {'subnetpool': {'description': str(session.number)}}, 5)
    return session.number


class Northbound:
    def __init__(self):
        self.number = 0
        self.acknowledged = 0

    def run(self, *command):
        remotes = ','.join('tcp:%s:6641' % host['address'] for host in hosts('ovn'))
        done = subprocess.run(['ovn-nbctl', '--timeout=3', '--db=' + remotes, *command], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip()[-120:] or 'ovn-nbctl ended with %d' % done.returncode)
        return done.stdout.strip()

    def write(self):
        self.number += 1
        self.run('set', 'NB_Global', '.', 'external_ids:drill=%d' % self.number)
        self.acknowledged = self.number
        return self.number

    def read_back(self):
        deadline = time.time() + 60
        while True:
            try:
                return int(self.run('get', 'NB_Global', '.', 'external_ids:drill').strip('"'))
            except RuntimeError:
                if time.time() > deadline:
                    raise
                time.sleep(0.3)


def main():
    threading.Thread(target=lambda: (sys.stdin.read(), STOP.set()), daemon=True).start()
    database = Database()
    northbound = Northbound()
    publishers = [Publisher(index) for index in range(len(hosts('brokers')))] if 'queue' in PROBES else []
    if 'stream' in PROBES:
        publishers.append(StreamPublisher())
    for publisher in publishers:
        publisher.declare()
    threads = []

    def probe(*arguments):
        threads.append(threading.Thread(target=every, args=arguments, daemon=True))

    if 'sql' in PROBES:
        probe(0.1, 'sql', database.insert, database.failed)
    for publisher in publishers:
        probe(0.1, publisher.probe, publisher.publish, publisher.failed)
    if 'token' in PROBES:
        for _ in range(2):
            probe(0.5, 'token', lambda: len(login()))
    for name, attempt in (('server', server), ('network', network)):
        if name in PROBES:
            session = Session()
            probe(1.0, name, lambda attempt=attempt, session=session: attempt(session), session.failed)
    if 'ovn' in PROBES:
        probe(1.0, 'ovn', northbound.write)
    for thread in threads:
        thread.start()
    while not STOP.wait(0.5):
        pass
    for thread in threads:
        thread.join(12)
    summary = {}
    if 'sql' in PROBES:
        there = database.read_back()
        summary['sql'] = {'acknowledged': len(ACKNOWLEDGED), 'readBack': len(there), 'lost': len(ACKNOWLEDGED - there),
                          'missing': sorted(ACKNOWLEDGED - there)}
    if 'ovn' in PROBES:
        # One value that is overwritten: whatever came before the last that was acknowledged went the same way.
        there = northbound.read_back()
        summary['ovn'] = {'acknowledged': northbound.acknowledged, 'readBack': there,
                          'lost': max(0, northbound.acknowledged - there)}
    for publisher in publishers:
        there = publisher.read_back()
        confirmed = CONFIRMED[publisher.queue]
        summary[publisher.probe] = {'acknowledged': len(confirmed), 'readBack': len(there),
                                    'lost': len(confirmed - there)}
    with LOCK:
        LOG.write(json.dumps({'summary': summary}) + '\n')


main()

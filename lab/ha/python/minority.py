"""What a host without a majority accepts, asked on the host itself: `minority.py SETTINGS`. Prints one JSON object: for each of sql,
queue, token and ovn whether it accepted a write, and what it said. Each must refuse, or not answer at all."""
import json
import subprocess
import sys
import urllib.request

import amqp
import pymysql

with open(sys.argv[1]) as file:
    SETTINGS = json.load(file)


def sql():
    with pymysql.connect(unix_socket='/run/mysqld/mysqld.sock', user='root', database='drill', autocommit=True, connect_timeout=2,
                         read_timeout=3) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO written (run, number, host) VALUES (%s, %s, 'minority')",
                       ('minority-' + SETTINGS['run'], SETTINGS['number']))


def queue():
    connection = amqp.Connection(host=SETTINGS['address'] + ':5672', userid='openstack', password=SETTINGS['queuePassword'],
                                 connect_timeout=2, read_timeout=3, write_timeout=3, confirm_publish=True)
    connection.connect()
    channel = connection.channel()
    channel.basic_publish(amqp.Message('minority', delivery_mode=2), routing_key=SETTINGS['queue'])


def token():
    user = {'name': 'admin', 'domain': {'id': 'default'}, 'password': SETTINGS['adminPassword']}
    body = {'auth': {'identity': {'methods': ['password'], 'password': {'user': user}}, 'scope': 'unscoped'}}
    request = urllib.request.Request('http://%s:5000/v3/auth/tokens' % SETTINGS['address'], data=json.dumps(body).encode(),
                                     method='POST', headers={'Content-Type': 'application/json'})
    urllib.request.urlopen(request, timeout=3).close()


def ovn():
    row = {'op': 'insert', 'table': 'Address_Set', 'row': {'name': 'minority_%s' % SETTINGS['number']}}
    done = subprocess.run(['ovsdb-client', '--timeout=3', 'transact', 'unix:/run/ovn/ovnnb_db.sock',
                           json.dumps(['OVN_Northbound', row])], capture_output=True, text=True)
    if done.returncode != 0 or '"uuid"' not in done.stdout:
        raise RuntimeError((done.stdout + done.stderr).strip() or 'no answer')


result = {}
for attempt in (sql, queue, token, ovn):
    try:
        attempt()
        result[attempt.__name__] = {'accepted': True, 'detail': ''}
    except Exception as error:  # noqa: BLE001: refused, however it is said
        result[attempt.__name__] = {'accepted': False, 'detail': repr(error)[:160]}
print(json.dumps(result))

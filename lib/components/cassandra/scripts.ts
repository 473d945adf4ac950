/** To the journal, without the lines of debugging that the program's own default writes to files. */
export const LOGBACK = `<configuration>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level [%thread] %F:%L - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="STDOUT" /></root>
  <logger name="org.apache.cassandra.service.StartupChecks" level="WARN" />
</configuration>
`;

export const NODETOOL = `#!/bin/sh
# Administration of this member, over JMX on loopback.
exec /usr/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m @/etc/cassandra/modules.options \\
  org.apache.cassandra.tools.NodeTool -p 7199 "$@"
`;

/**
 * Asks as clients do (native protocol, version 4), which costs a server nothing; `nodetool` would start a JVM each minute. The answer of
 * the virtual table is what the member says of itself to all others.
 */
export const HEALTH_SCRIPT = `#!/usr/bin/python3
"""Ends with 0 when the member at ADDRESS answers clients and is in the ring: cassandra-health ADDRESS"""
import socket
import struct
import sys

STARTUP, READY, QUERY, RESULT = 1, 2, 7, 8
ONE = 1


def ask(connection, opcode, body):
    connection.sendall(struct.pack('>BBhBI', 4, 0, 0, opcode, len(body)) + body)
    _, _, _, answer, length = struct.unpack('>BBhBI', read(connection, 9))
    return answer, read(connection, length)


def read(connection, length):
    data = b''
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise ConnectionError('the connection ended')
        data += part
    return data


def text(value):
    return struct.pack('>H', len(value)) + value.encode()


def main(address):
    with socket.create_connection((address, 9042), timeout=5) as connection:
        connection.settimeout(5)
        opcode, _ = ask(connection, STARTUP, struct.pack('>H', 1) + text('CQL_VERSION') + text('3.0.0'))
        if opcode != READY:
            return 'it does not let clients in'
        query = "SELECT status FROM system_views.gossip_info WHERE address = '%s' AND port = 7000" % address
        opcode, body = ask(connection, QUERY, struct.pack('>I', len(query)) + query.encode() + struct.pack('>HB', ONE, 0))
        if opcode != RESULT or b'NORMAL' not in body:
            return 'it is not in the ring'
    return None


try:
    problem = main(sys.argv[1])
except (OSError, struct.error) as error:
    problem = str(error)
if problem:
    sys.exit('cassandra: ' + problem)
`;

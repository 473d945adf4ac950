import { value } from '../../bring-up/template.ts';

/** Its own jar; what it needs is in `LIBRARY`. */
export const HOME = '/opt/cassandra';
export const LIBRARY = `${HOME}/lib`;

/** Parts of the JDK that Cassandra reaches into, as its own `jvm17-server.options` opens them. */
const EXPORTS = [
  'java.base/jdk.internal.misc',
  'java.base/java.lang.ref',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
  'jdk.unsupported/sun.misc',
  'jdk.attach/sun.tools.attach',
];
const OPENS = [
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.module',
  'java.base/java.lang.reflect',
  'java.base/java.nio',
  'java.base/java.util',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'jdk.management/com.sun.management.internal',
];

/** An argument file of `java`, for the daemon and its tools: one option a line. */
export const MODULE_OPTIONS = `${EXPORTS.map((name) => `--add-exports\n${name}=ALL-UNNAMED`).join('\n')}
${OPENS.map((name) => `--add-opens\n${name}=ALL-UNNAMED`).join('\n')}
-Dcassandra.storagedir=/var/lib/cassandra
-Dlogback.configurationFile=file:/etc/cassandra/logback.xml
-cp
/etc/cassandra:${HOME}/*:${LIBRARY}/*
`;

/** Of the daemon alone. */
export function jvmOptions(): string {
  return `-Xms${value('heapMiB')}m
-Xmx${value('heapMiB')}m
-Xss256k
-XX:+AlwaysPreTouch
-XX:+UseG1GC
-XX:+ParallelRefProcEnabled
-XX:MaxTenuringThreshold=1
-XX:G1RSetUpdatingPauseTimePercent=5
-XX:MaxGCPauseMillis=300
-XX:InitiatingHeapOccupancyPercent=70
-XX:+UseThreadPriorities
-XX:+PerfDisableSharedMem
-XX:+ExitOnOutOfMemoryError
-ea
-da:net.openhft...
-javaagent:${LIBRARY}/jamm-0.4.0.jar
-Djava.net.preferIPv4Stack=true
-Djdk.attach.allowAttachSelf=true
-Dio.netty.tryReflectionSetAccessible=true
-Dio.netty.allocator.useCacheForAllThreads=true
-Dio.netty.allocator.maxOrder=11
# JMX answers on loopback alone.
-Dcassandra.jmx.local.port=7199
-Dcom.sun.management.jmxremote.authenticate=false
-Dcassandra.logdir=/var/lib/cassandra/log
`;
}

export const CASSANDRA_UNIT = `[Unit]
Description=Apache Cassandra
Documentation=https://cassandra.apache.org/doc/5.0/
Wants=network-online.target
After=network-online.target
# Members join one after another: one that comes too early stops, and is started again until it is its turn.
StartLimitIntervalSec=0

[Service]
User=cassandra
Group=cassandra
WorkingDirectory=/var/lib/cassandra
Environment=MALLOC_ARENA_MAX=4
ExecStart=/usr/bin/java @/etc/cassandra/modules.options @/etc/cassandra/jvm.options org.apache.cassandra.service.CassandraDaemon
Restart=always
RestartSec=10
SuccessExitStatus=143
TimeoutStopSec=180
LimitNOFILE=100000
LimitNPROC=32768
LimitMEMLOCK=infinity
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=full
ProtectHome=true

[Install]
WantedBy=multi-user.target
`;

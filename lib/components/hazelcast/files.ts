import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, value } from '../../bring-up/template.ts';
import { type HazelcastSettings, zoneAware } from './settings.ts';

export const HOME = '/opt/hazelcast';

export function hazelcastFiles(inputs: TierInputs<HazelcastSettings>): readonly ComponentFile[] {
  return [
    { path: '/etc/hazelcast/hazelcast.yaml', content: hazelcastYaml(inputs) },
    { path: '/etc/hazelcast/jvm.options', content: JVM_OPTIONS },
    { path: '/etc/systemd/system/hazelcast.service', content: UNIT },
  ];
}

function hazelcastYaml(inputs: TierInputs<HazelcastSettings>): string {
  const { environment, tier, settings } = inputs;
  return `hazelcast:
  cluster-name: ${environment}-${tier}
  network:
    port:
      port: 5701
      auto-increment: false
    interfaces:
      enabled: true
      interfaces:
        - ${SELF.address}
    join:
      auto-detection:
        enabled: false
      multicast:
        enabled: false
      tcp-ip:
        enabled: true
        connection-timeout-seconds: 2
        member-list:
          - ${peers(tier, { separator: '\n          - ' })}
    rest-api:
      enabled: true
      endpoint-groups:
        HEALTH_CHECK:
          enabled: true
        CLUSTER_READ:
          enabled: false
  member-attributes:
    hazelcast.partition.group.zone:
      type: string
      value: ${SELF.zone}
  partition-group:
    # Copies of an entry are never in one zone.
    enabled: ${zoneAware(inputs)}
    group-type: ZONE_AWARE
  split-brain-protection:
    majority:
      enabled: ${settings.majorityWrites && inputs.count >= 3}
      minimum-cluster-size: ${value('leastMembers')}
      protect-on: WRITE
  map:
    default:
      backup-count: ${value('backups')}
      async-backup-count: 0
      split-brain-protection-ref: majority
      eviction:
        eviction-policy: ${settings.evictAtHeapPercent === 0 ? 'NONE' : 'LRU'}
        max-size-policy: USED_HEAP_PERCENTAGE
        size: ${settings.evictAtHeapPercent === 0 ? 99 : value('evictAtHeapPercent')}
  properties:
    # A write whose copies are in doubt is an error, never an acknowledgement.
    hazelcast.operation.fail.on.indeterminate.state: true
    # A member that is silent is away after 10 s; one whose connections break, at once.
    hazelcast.heartbeat.interval.seconds: 1
    hazelcast.max.no.heartbeat.seconds: 10
    # A member that is stopped hands over what it holds.
    hazelcast.shutdownhook.policy: GRACEFUL
    hazelcast.graceful.shutdown.max.wait: 150
    hazelcast.phone.home.enabled: false
`;
}

/** An argument file of `java`; what is opened is what the project asks for on Java 17. */
const JVM_OPTIONS = `-Xms${value('heapMiB')}m
-Xmx${value('heapMiB')}m
-XX:+UseG1GC
-XX:+ExitOnOutOfMemoryError
-XX:+PerfDisableSharedMem
-Djava.net.preferIPv4Stack=true
-Dhazelcast.config=/etc/hazelcast/hazelcast.yaml
--add-modules
java.se
--add-exports
java.base/jdk.internal.ref=ALL-UNNAMED
--add-opens
java.base/java.lang=ALL-UNNAMED
--add-opens
java.base/sun.nio.ch=ALL-UNNAMED
--add-opens
java.management/sun.management=ALL-UNNAMED
--add-opens
jdk.management/com.sun.management.internal=ALL-UNNAMED
-cp
${HOME}/*
`;

const UNIT = `[Unit]
Description=Hazelcast
Documentation=https://docs.hazelcast.com/hazelcast/5.5/
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=hazelcast
Group=hazelcast
ExecStart=/usr/bin/java @/etc/hazelcast/jvm.options com.hazelcast.core.server.HazelcastMemberStarter
Restart=always
RestartSec=5
SuccessExitStatus=143
TimeoutStopSec=180
LimitNOFILE=65536
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=strict
ProtectHome=true

[Install]
WantedBy=multi-user.target
`;

import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, value } from '../../bring-up/template.ts';
import { hardened } from '../shared/hardened.ts';
import type { SphinxSettings } from './settings.ts';

export const DATA = '/var/lib/sphinxsearch';
export const CONFIGURATION = '/etc/sphinxsearch/sphinx.conf';

export function files({ settings, tier }: TierInputs<SphinxSettings>): readonly ComponentFile[] {
  return [
    { path: CONFIGURATION, content: configuration(settings, tier) },
    { path: '/etc/systemd/system/sphinx.service', content: UNIT },
  ];
}

/** Of what is acknowledged, the end of a process loses nothing, that of the power a second: with `binlog_flush = 1`, which says that it
 * loses nothing in either, searchd 2.2.11 writes no log at all. */
function configuration(given: SphinxSettings, tier: string): string {
  return `index ${given.index} {
  type = rt
  path = ${DATA}/${given.index}
  rt_mem_limit = ${value('memory')}
${[
  ...given.fields.map((field) => `  rt_field = ${field}\n`),
  ...Object.entries(given.attributes).map(([name, type]) => `  rt_attr_${type} = ${name}\n`),
  // An index without an attribute is not served.
  ...(Object.keys(given.attributes).length === 0 ? ['  rt_attr_uint = unused\n'] : []),
].join('')}}

index ${given.index}_all {
  type = distributed
${agents(given, tier)}
  ha_strategy = noerrors
  agent_connect_timeout = ${value('connect')}
  agent_query_timeout = ${value('answer')}
}

searchd {
  listen = 9312
  listen = 9306:mysql41
  workers = threads
  ha_ping_interval = 500
  ha_period_karma = 5
  binlog_path = ${DATA}
  binlog_flush = 2
  # What it says it says on its standard output too, which the journal keeps.
  log = /dev/null
  pid_file = /run/sphinxsearch/searchd.pid
  query_log_format = sphinxql
}
`;
}

function agents({ index, layout }: SphinxSettings, tier: string): string {
  if (layout === 'mirrors') return `  agent = ${peers(tier, { separator: '|', item: '{address}:9312' })}:${index}`;
  return peers(tier, { separator: '\n', item: `  agent = {address}:9312:${index}` });
}

const UNIT = `[Unit]
Description=Sphinx search
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=sphinxsearch
Group=sphinxsearch
RuntimeDirectory=sphinxsearch
ExecStart=/usr/bin/searchd --nodetach --config ${CONFIGURATION}
Restart=always
RestartSec=2
# What is in memory is written before the end.
TimeoutStopSec=300
LimitNOFILE=65536
${hardened(DATA)}
[Install]
WantedBy=multi-user.target
`;

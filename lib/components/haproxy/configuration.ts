import { peers, value } from '../../bring-up/template.ts';
import { type Pool, pools, type Route, type Service, type Services } from '../shared/proxied-services.ts';

/** Health and metrics; no clients. */
export const HEALTH_PORT = 8404;

export function configuration(services: Services): string {
  const entries = Object.entries(services);
  return [
    GLOBAL,
    health(entries.flatMap(([name, given]) => pools(name, given))),
    ...entries.map(([name, given]) => frontend(name, given)),
    ...entries.flatMap(([name, given]) => pools(name, given).map(backend)),
  ].join('\n');
}

/** A request that changes something is repeated only where no server had it; others also where a server died over them. */
const GLOBAL = `global
    log /dev/log local0
    chroot /var/lib/haproxy
    user haproxy
    group haproxy
    stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
    maxconn ${value('connections')}
    hard-stop-after ${value('drain')}

defaults
    mode http
    log global
    option httplog
    option dontlognull
    option http-keep-alive
    # A reload would close idle connections at once, some of them under a request that is on its way.
    option idle-close-on-response
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response 503
    timeout connect 1s
    timeout http-request 10s
    timeout http-keep-alive 30s
    timeout queue 5s
    timeout client ${value('server-timeout')}
    timeout server ${value('server-timeout')}
    timeout check 2s
    default-server inter ${value('check')} fall 2 rise 2 observe layer4 error-limit 2 on-error mark-down
`;

function health(all: readonly Pool[]): string {
  const empty = all.map(({ name }) => `    monitor fail if { nbsrv(${name}) lt 1 }`);
  return `frontend tandem_health
    bind :${HEALTH_PORT}
    option dontlog-normal
    monitor-uri /alive
${empty.join('\n')}
    http-request use-service prometheus-exporter if { path /metrics }
    http-request return status 404
`;
}

function frontend(name: string, given: Service): string {
  const [own, ...others] = pools(name, given);
  const routes = given.routes.map((route, index) => `    use_backend ${others[index]?.name} if ${condition(route)}`);
  return `frontend ${name}
    bind :${given.port}
    option forwardfor
    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
${[...routes, `    default_backend ${own?.name}`].join('\n')}
`;
}

function condition({ path, methods }: Route): string {
  const parts = [`{ path_beg ${path} }`, ...(methods.length > 0 ? [`{ method ${methods.join(' ')} }`] : [])];
  return parts.join(' ');
}

function backend({ name, tier, port, check }: Pool): string {
  const servers = peers(tier, { separator: '\n', item: `    server {name} {address}:${port} check` });
  return `backend ${name}
    balance leastconn
    option httpchk
    http-check send meth GET uri ${check}
    http-check expect status 200-399
${servers}
`;
}

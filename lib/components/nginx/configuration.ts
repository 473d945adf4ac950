import { peers, value } from '../../bring-up/template.ts';
import { type Pool, pools, type Route, type Service, type Services } from '../shared/proxied-services.ts';

/** Health and metrics; no clients. */
export const HEALTH_PORT = 8405;

export function configuration(services: Services): string {
  const entries = Object.entries(services);
  return `user www-data;
worker_processes auto;
worker_rlimit_nofile 65536;
pid /run/nginx.pid;
error_log stderr;

events {
    worker_connections ${value('connections')};
}

http {
    access_log off;
    server_tokens off;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 1s;
    proxy_read_timeout ${value('server-timeout')};
    # A request that changes something is repeated only where no server had it.
    proxy_next_upstream error timeout http_502 http_503;
    proxy_next_upstream_tries 3;

    server {
        listen 127.0.0.1:${HEALTH_PORT};
        location = /alive { return 204; }
        location = /status { stub_status; }
        location / { return 404; }
    }

${[...entries.flatMap(([name, given]) => pools(name, given).map(upstream)), ...entries.map(server)].join('\n')}}
`;
}

function upstream({ name, tier, port }: Pool): string {
  const item = `        server {address}:${port} max_fails=1 fail_timeout=1s;`;
  return `    upstream ${name} {
        least_conn;
${peers(tier, { separator: '\n', item })}
        keepalive 64;
    }
`;
}

function server([name, given]: readonly [string, Service]): string {
  return `${choice(name, given)}    server {
        listen ${given.port};
        location / { proxy_pass http://${given.routes.length > 0 ? `$${variable(name)}` : name}; }
    }
`;
}

/** The pool by method and path, where there is more than one. */
function choice(name: string, given: Service): string {
  if (given.routes.length === 0) return '';
  const [own, ...others] = pools(name, given);
  const lines = given.routes.map((route, index) => `        "~${pattern(route)}" ${others[index]?.name};`);
  return `    map "$request_method $uri" $${variable(name)} {
        default ${own?.name};
${lines.join('\n')}
    }
`;
}

function pattern({ path, methods }: Route): string {
  const method = methods.length > 0 ? `(${methods.join('|')})` : '[A-Z]+';
  return `^${method} ${path.replaceAll('.', String.raw`\.`)}`;
}

function variable(name: string): string {
  return `pool_of_${name.replaceAll('-', '_')}`;
}

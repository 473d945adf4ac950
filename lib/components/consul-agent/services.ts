import type { ComponentFile } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import type { ConsulService } from './settings.ts';

/** Read anew by a running agent. */
export function servicesFile(services: readonly ConsulService[]): ComponentFile {
  return {
    path: '/etc/consul.d/services.hcl',
    content: services.map(serviceBlock).join('\n'),
    owner: 'consul:consul',
    onChange: 'reload',
  };
}

function serviceBlock({ name, port, tags, check }: ConsulService): string {
  const asked =
    check.path === undefined
      ? `tcp = "${SELF.address}:${port}"`
      : `http = "http://${SELF.address}:${port}${check.path}"`;
  return `services {
  name = "${name}"
  address = "${SELF.address}"
  port = ${port}
  tags = [${tags.map((tag) => `"${tag}"`).join(', ')}]
  check {
    name = "${name} answers"
    ${asked}
    interval = "${check.intervalSeconds}s"
    timeout = "${Math.max(1, Math.floor(check.intervalSeconds / 2))}s"
  }
}
`;
}

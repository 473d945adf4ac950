import { connect } from 'node:tls';
import type { CertificateProbe } from './rotate.ts';

/** Asks from this machine. Whether a certificate is trusted was checked before: here it is only met. */
export const tlsProbe: CertificateProbe = {
  fingerprint: ({ address, port, serverName }, signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, servername: serverName, rejectUnauthorized: false });
      const stop = (): void => {
        socket.destroy();
        reject(signal.reason as Error);
      };
      const end = (shown: string | undefined): void => {
        signal.removeEventListener('abort', stop);
        socket.destroy();
        resolve(shown);
      };
      signal.addEventListener('abort', stop, { once: true });
      socket.setTimeout(10_000, () => end(undefined));
      socket.once('secureConnect', () => end(socket.getPeerX509Certificate()?.fingerprint256));
      socket.once('error', () => end(undefined));
    }),
};

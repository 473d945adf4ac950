import { TandemError } from '../../errors/tandem-error.ts';
import { compareStatus } from '../../private-cloud/status/compare.ts';
import type { ExpectedCloud } from '../../private-cloud/status/expected.ts';
import type { FoundCertificate, FoundCloud, LiveApi, StatusReport } from '../../private-cloud/status/report.ts';
import { type LiveServers, spareOf } from '../../private-cloud/status/spare.ts';
import type { HostSurveys } from '../../private-cloud/status/survey.ts';
import { surveyMembers } from './survey-hosts.ts';

export interface StatusPorts {
  readonly surveys: HostSurveys;
  readonly certificates: () => readonly FoundCertificate[];
  /** Asks the APIs of the cloud, as its operator. */
  readonly api: (signal: AbortSignal) => Promise<Omit<LiveApi, 'spare'> & { readonly live: LiveServers }>;
}

/**
 * Asks hosts, members and APIs at once, and compares what they say with the configuration. What does not answer is a difference, and
 * nothing waits for it longer than its own time limit.
 * @throws TandemError `no-ansible`, `wrong-cloud`
 */
export async function askStatus(
  ports: StatusPorts,
  expected: ExpectedCloud,
  signal: AbortSignal,
): Promise<StatusReport> {
  const [{ surveys, membership }, api] = await Promise.all([
    surveyMembers(ports.surveys, expected.hosts, expected.places, signal),
    askApi(ports, signal),
  ]);
  return compareStatus(expected, { surveys, membership, api, certificates: ports.certificates() });
}

async function askApi({ api }: StatusPorts, signal: AbortSignal): Promise<FoundCloud['api']> {
  try {
    const { live, ...services } = await api(signal);
    return { ...services, spare: spareOf(live) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TandemError) || error.code === 'wrong-cloud') throw error;
    return { why: error.message };
  }
}

import type { ExpectedCloud } from './expected.ts';
import type { Difference } from './report.ts';
import type { ContainerState, HostSurvey } from './survey.ts';

/**
 * Containers of every host that answered: each that belongs there runs, is healthy, has the image of its like, and started after its files
 * were written; none of Kolla's runs where it does not belong. Whether those files are what a deployment would write now is not known: that
 * takes passwords, and a rendering of all hosts. Pure.
 */
export function compareContainers(
  { hosts, containers, known }: ExpectedCloud,
  surveys: ReadonlyMap<string, HostSurvey>,
): Difference[] {
  const images = imagesOf(surveys);
  return hosts.flatMap((host) => {
    const survey = surveys.get(host);
    if (survey === undefined) return [];
    const wanted = containers.get(host) ?? new Set();
    const there = new Map(survey.containers.map((each) => [each.name, each]));
    const missing = [...wanted].filter((name) => !there.has(name));
    const extra = survey.containers.filter(
      ({ name, state }) => known.has(name) && !wanted.has(name) && state === 'running',
    );
    return [
      ...missing.map((name) => differs(name, host, 'runs', 'is not there')),
      ...[...there.values()].filter(({ name }) => wanted.has(name)).flatMap((each) => faultsOf(each, host, images)),
      ...extra.map(({ name }) => differs(name, host, 'does not belong there', 'runs')),
    ];
  });
}

function faultsOf(
  { name, state, health, isStale, image }: ContainerState,
  host: string,
  images: ReadonlyMap<string, string>,
): Difference[] {
  if (state !== 'running') return [differs(name, host, 'runs', state)];
  const usual = images.get(name) ?? image;
  return [
    ...(health === null || health === 'healthy' ? [] : [differs(name, host, 'healthy', health)]),
    ...(isStale
      ? [differs(name, host, 'started with its files', 'its files in /etc/kolla are newer than its start')]
      : []),
    ...(image === usual ? [] : [differs(name, host, usual, image)]),
  ];
}

function differs(container: string, host: string, expected: string, found: string): Difference {
  return { area: 'containers', subject: `${container} on ${host}`, expected, found };
}

/** The image that most containers of a name have. */
function imagesOf(surveys: ReadonlyMap<string, HostSurvey>): Map<string, string> {
  const all = [...surveys.values()].flatMap(({ containers }) => containers);
  return new Map(
    [...Map.groupBy(all, ({ name }) => name)].map(([name, same]) => {
      const counts = [...Map.groupBy(same, ({ image }) => image)].map(([image, each]) => ({
        image,
        count: each.length,
      }));
      return [name, counts.sort((a, b) => b.count - a.count || (a.image < b.image ? -1 : 1))[0]?.image ?? ''];
    }),
  );
}

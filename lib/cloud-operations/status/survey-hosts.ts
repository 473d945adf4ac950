import type { Membership } from '../../private-cloud/members/membership.ts';
import type { CloudHosts, CommandResult, HostCommand } from '../../private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../private-cloud/members/questions.ts';
import type { HostSurvey, HostSurveys } from '../../private-cloud/status/survey.ts';
import { askMembership } from '../members/ask.ts';

/**
 * Asks hosts for their containers, and members for who belongs to what, in one run over all hosts: what would be asked is written down
 * first, then all of it is asked at once, and the answers are read as if each had been asked alone.
 */
export async function surveyMembers(
  surveys: HostSurveys,
  hosts: readonly string[],
  places: MemberPlaces,
  signal: AbortSignal,
): Promise<{ readonly surveys: ReadonlyMap<string, HostSurvey>; readonly membership: Membership }> {
  const commands: HostCommand[] = [];
  await askMembership(
    answering((command) => {
      commands.push(command);
      return undefined;
    }),
    places,
    signal,
  );
  const asked = new Set([...hosts, ...commands.map(({ host }) => host)]);
  const answers = await surveys.survey([...asked], commands, signal);
  const own = Map.groupBy(commands, ({ host }) => host);
  const answerTo = (command: HostCommand): CommandResult | undefined =>
    answers.get(command.host)?.answers[(own.get(command.host) ?? []).findIndex((each) => isSame(each, command))];
  return { surveys: answers, membership: await askMembership(answering(answerTo), places, signal) };
}

/** Hosts that say what is known already. One of which nothing is known fails, which is told of the host as a whole. */
function answering(answerTo: (command: HostCommand) => CommandResult | undefined): CloudHosts {
  return { run: (command) => Promise.resolve(answerTo(command) ?? { code: 255, stdout: '', stderr: '' }) };
}

function isSame(one: HostCommand, other: HostCommand): boolean {
  return one.container === other.container && one.argv.join('\0') === other.argv.join('\0');
}

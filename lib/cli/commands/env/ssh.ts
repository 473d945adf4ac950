import { leaseArgument } from '../../arguments.ts';
import { pieces } from '../../context.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, optional, optionalText, takes, takesThen, toggle, wholeNumber, word } from '../../flags.ts';

const serverArgument = word('Server as TIER-INDEX, or a tier, whose first it is', 'server');

export const envSshVerb = defineVerb({
  brief: 'Log in to a server of an environment',
  description:
    'Runs the ssh of this machine, with your own keys and agent, through the tier that the blueprint lets SSH in by. Host keys are those that servers print on their consoles, as the cloud tells; where a console has none, the first one that is seen. Exits with the code of ssh.',
  examples: [
    { command: 'tandem env ssh alice', does: 'the server that SSH comes in through' },
    { command: 'tandem env ssh alice web-2' },
    { command: 'tandem env ssh alice web-2 --print', does: 'the command, for other programs' },
  ],
  flags: { print: toggle('Only print the command') },
  arguments: takes(leaseArgument, maybe(serverArgument)),
  passesExitCode: true,
  action: async (context, { print, json }, name, server) =>
    (await import('../../../actions/env/use.ts')).ssh(context, { name, server, print: print || json }),
  json: {
    format: 'tandem.env-ssh/1',
    schema: async () => (await import('../../../actions/env/use-schema.ts')).loggedInSchema,
  },
  bare: ({ print }) => print,
  render: ({ code, command }) => (code === null ? `${command}\n` : ''),
  exitCode: ({ code }) => code ?? 0,
});

export const envExecVerb = defineVerb({
  brief: 'Run a command on a server of an environment',
  description:
    'As `env ssh` logs in. Words are passed on as they are; a single one is a line for the shell there. Exits with the code of the command, or 255 where SSH failed.',
  examples: [
    { command: 'tandem env exec alice web-1 -- systemctl is-active nginx' },
    { command: "tandem env exec alice web-1 -- 'df -h / | tail -1'", does: 'a line for the shell there' },
  ],
  arguments: takesThen(leaseArgument, word('Server, then the command and its words', 'SERVER COMMAND'), 2),
  passesExitCode: true,
  action: async (context, { json }, name, server = '', ...command) =>
    (await import('../../../actions/env/use.ts')).exec(context, { name, server, command, captures: json }),
  json: {
    format: 'tandem.env-exec/1',
    schema: async () => (await import('../../../actions/env/use-schema.ts')).executedSchema,
  },
  render: () => '',
  exitCode: ({ code }) => code,
});

export const envLogsVerb = defineVerb({
  brief: 'Show what a server printed on its console, or the journal of one of its units',
  description:
    'The console is told by the cloud, also of a server that nobody can log in to. The journal of a unit is read by SSH, as `env exec` would.',
  examples: [
    { command: 'tandem env logs alice web-1 --lines 50' },
    { command: 'tandem env logs alice web-1 --unit bring-up --follow' },
  ],
  flags: {
    unit: optionalText('Unit of systemd, whose journal is read by SSH', 'NAME'),
    lines: optional(wholeNumber(1, 1_000_000), 'The last so many lines; default: all', 'N'),
    follow: toggle('Go on with what is new, until it is interrupted'),
  },
  arguments: takes(leaseArgument, serverArgument),
  passesExitCode: true,
  action: async (context, { unit, lines, follow, json }, name, server) =>
    (await import('../../../actions/env/use.ts')).logs(context, {
      ...{ name, server, unit, lines, follow: follow && !json },
      write: json ? undefined : pieces(process.stdout),
    }),
  json: {
    format: 'tandem.env-logs/1',
    schema: async () => (await import('../../../actions/env/use-schema.ts')).readLogSchema,
  },
  render: ({ text }) => text,
  exitCode: ({ code }) => code,
});

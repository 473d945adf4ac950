import { redact } from './redact.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';
const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (level: Level, message: string, fields?: Fields) => void;

export function levelOf(text: string | undefined): Level {
  return LEVELS.find((level) => level === text) ?? 'info';
}

/** One JSON object a line; whatever looks like a secret is redacted. */
export function jsonLog(write: (line: string) => void, least: Level, now: () => number): Log {
  return (level, message, fields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const line: Record<string, Fields[string]> = {
      time: new Date(now()).toISOString(),
      level,
      message: redact(message),
    };
    for (const [name, value] of Object.entries(fields)) line[name] = typeof value === 'string' ? redact(value) : value;
    write(`${JSON.stringify(line)}\n`);
  };
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine, LogSink } from '../ports.ts';

/** Largest event; a longer line is cut. */
const MOST_CHARACTERS = 60_000;

/** One stream an instance, made with its first line. */
export class CloudWatchLogs implements LogSink {
  readonly #client: CloudWatchLogsClient;
  readonly #stream: { readonly logGroupName: string; readonly logStreamName: string };

  constructor(client: CloudWatchLogsClient, logGroupName: string, logStreamName: string) {
    this.#client = client;
    this.#stream = { logGroupName, logStreamName };
  }

  async put(lines: readonly LogLine[]): Promise<void> {
    const logEvents = lines.map(({ at, text }) => ({ timestamp: at, message: text.slice(0, MOST_CHARACTERS) || ' ' }));
    const command = new PutLogEventsCommand({ ...this.#stream, logEvents });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      await this.#create();
      await this.#client.send(command);
    }
  }

  async #create(): Promise<void> {
    try {
      await this.#client.send(new CreateLogStreamCommand(this.#stream));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  }
}

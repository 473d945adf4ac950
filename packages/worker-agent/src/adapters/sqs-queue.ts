import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { JobQueue, QueueMessage } from '../ports.ts';

export interface SqsQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly visibilityTimeoutSeconds: number;
}

/** Counts copies of one job, whose own deliveries begin at one. */
const ANEW = 'tandem-sent-anew';
/** API_SendMessage.html */
const MOST_DELAY_SECONDS = 900;

export class SqsQueue implements JobQueue {
  readonly #options: SqsQueueOptions;

  constructor(options: SqsQueueOptions) {
    this.#options = options;
  }

  async receive(waitSeconds: number, signal: AbortSignal): Promise<QueueMessage | undefined> {
    const { client, queueUrl, visibilityTimeoutSeconds } = this.#options;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      VisibilityTimeout: visibilityTimeoutSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      MessageAttributeNames: ['All'],
    });
    try {
      const { Messages: [message] = [] } = await client.send(command, { abortSignal: signal });
      return message === undefined ? undefined : messageOf(message);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async hide({ receipt }: QueueMessage, seconds: number): Promise<void> {
    const { client, queueUrl } = this.#options;
    const input = { QueueUrl: queueUrl, ReceiptHandle: receipt, VisibilityTimeout: seconds };
    await client.send(new ChangeMessageVisibilityCommand(input));
  }

  async delete({ receipt }: QueueMessage): Promise<void> {
    const { client, queueUrl } = this.#options;
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
  }

  async sendAnew(message: QueueMessage, delaySeconds: number): Promise<void> {
    const { client, queueUrl } = this.#options;
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: message.body,
        DelaySeconds: Math.min(delaySeconds, MOST_DELAY_SECONDS),
        MessageAttributes: { [ANEW]: { DataType: 'Number', StringValue: String(message.anew + 1) } },
      }),
    );
    // Between the two calls the job is there twice, and its result still once.
    await this.delete(message);
  }
}

function messageOf({ MessageId, Body, Attributes, MessageAttributes, ReceiptHandle }: Message): QueueMessage {
  const sentAt = Attributes?.SentTimestamp;
  return {
    id: MessageId ?? '',
    body: Body ?? '',
    receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
    anew: Number(MessageAttributes?.[ANEW]?.StringValue ?? 0),
    sentAt: sentAt === undefined ? undefined : Number(sentAt),
    receipt: ReceiptHandle ?? '',
  };
}

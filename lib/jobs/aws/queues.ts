import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { called, readFailure, toAwsError } from '../../aws-api/aws-error.ts';
import { inBatches } from '../../aws-api/batches.ts';
import { MOST_ENTRIES } from '../batches.ts';
import { redriveRunning } from '../errors.ts';

/** A message to send: the job's id and its body, or what stands for a body that no message holds. */
export interface OutgoingMessage {
  readonly id: string;
  readonly text: string;
}

/** A message that was not sent. */
export interface Refusal {
  readonly id: string;
  readonly reason: string;
  /** Whether to send it again may help. */
  readonly isTransient: boolean;
}

export interface QueueState {
  /** Numbers that SQS calls approximate. */
  readonly waiting: number;
  readonly running: number;
  readonly deadLettersArn: string | undefined;
}

/** A message of a dead-letter queue, hidden from others until its receipt's visibility ends. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receipt: string;
  readonly body: string;
  /** Of the job, where the body has one; else that of the message it was then. */
  readonly jobId: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

export interface MoveTask {
  readonly status: string;
  readonly moved: number;
  /** Undefined where SQS does not say. */
  readonly total: number | undefined;
  readonly reason: string | undefined;
}

/** Queues of a cluster. All calls throw `aws-…`. */
export class Queues {
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  /** One batch, as `batchesOf` makes them: what was refused of it. */
  async send(url: string, messages: readonly OutgoingMessage[]): Promise<Refusal[]> {
    const Entries = messages.map(({ text }, index) => ({ Id: String(index), MessageBody: text }));
    const { Failed = [] } = await called('sqs:SendMessageBatch', () =>
      this.#client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries })),
    );
    return Failed.map(({ Id, Code, Message: message, SenderFault }) => ({
      id: messages[Number(Id)]?.id ?? '',
      reason: [Code, message].filter((each) => each !== undefined).join(': '),
      isTransient: SenderFault !== true,
    }));
  }

  async state(url: string): Promise<QueueState> {
    const { Attributes = {} } = await called('sqs:GetQueueAttributes', () =>
      this.#client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
    );
    const count = (name: keyof typeof Attributes): number => Number(Attributes[name] ?? 0);
    return {
      waiting: count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesDelayed'),
      running: count('ApproximateNumberOfMessagesNotVisible'),
      deadLettersArn: deadLettersIn(Attributes.RedrivePolicy),
    };
  }

  /** The address of a queue of this account. */
  async urlOf(arn: string): Promise<string> {
    const [, , , , account, name] = arn.split(':');
    const { QueueUrl = '' } = await called('sqs:GetQueueUrl', () =>
      this.#client.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account })),
    );
    return QueueUrl;
  }

  /** Up to ten messages, hidden for that long. An empty answer may be a lie of a busy queue: ask twice. */
  async receive(url: string, hiddenSeconds: number): Promise<DeadLetter[]> {
    const { Messages = [] } = await called('sqs:ReceiveMessage', () =>
      this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      ),
    );
    return Messages.map(deadLetterOf);
  }

  /** Shows them to others again. What is no longer hidden is no failure. */
  async giveBack(url: string, letters: readonly DeadLetter[]): Promise<void> {
    for (const batch of inBatches(letters, MOST_ENTRIES)) {
      const Entries = batch.map(({ receipt }, index) => ({
        ...{ Id: String(index), ReceiptHandle: receipt, VisibilityTimeout: 0 },
      }));
      await called('sqs:ChangeMessageVisibilityBatch', () =>
        this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries })),
      );
    }
  }

  async remove(url: string, letters: readonly DeadLetter[]): Promise<void> {
    for (const batch of inBatches(letters, MOST_ENTRIES)) {
      const Entries = batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      await called('sqs:DeleteMessageBatch', () =>
        this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries })),
      );
    }
  }

  /**
   * Lets SQS move a dead-letter queue back to where its messages came from, which goes on by itself. SQS runs one such task a queue.
   * API_StartMessageMoveTask.html
   * @throws TandemError `redrive-running`
   */
  async startMove(arn: string, perSecond: number | undefined): Promise<void> {
    const command = new StartMessageMoveTaskCommand({
      SourceArn: arn,
      ...(perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecond }),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (/already a task running|active/i.test(readFailure(error).message)) throw redriveRunning(arn, error);
      throw toAwsError('sqs:StartMessageMoveTask', error);
    }
  }

  /** The newest task of a dead-letter queue. */
  async move(arn: string): Promise<MoveTask | undefined> {
    const { Results = [] } = await called('sqs:ListMessageMoveTasks', () =>
      this.#client.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 })),
    );
    const [task] = Results;
    if (task === undefined) return undefined;
    return {
      status: task.Status ?? '',
      moved: task.ApproximateNumberOfMessagesMoved ?? 0,
      total: task.ApproximateNumberOfMessagesToMove,
      reason: task.FailureReason,
    };
  }
}

function deadLettersIn(policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const { deadLetterTargetArn } = JSON.parse(policy) as { readonly deadLetterTargetArn?: string };
  return deadLetterTargetArn;
}

function deadLetterOf({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }: Message): DeadLetter {
  return {
    messageId: MessageId,
    receipt: ReceiptHandle,
    body: Body,
    jobId: idIn(Body) ?? MessageId,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
}

function idIn(body: string): string | undefined {
  try {
    const content: unknown = JSON.parse(body);
    const id = typeof content === 'object' && content !== null && 'id' in content ? content.id : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

import type { AwsError } from './aws-error.ts';
import type { JsonObject } from './json.ts';
import type { AwsRequest, AwsResponse } from './wire/request.ts';
import type { Principal } from './wire/signature.ts';
import type { Realm, World } from './world.ts';

/** What a call may use besides its input. */
export interface CallContext {
  readonly world: World;
  /** The caller's account in the Region that it signed for. */
  readonly realm: Realm;
  readonly principal: Principal;
  readonly origin: string;
  readonly hangUp: AbortSignal;
  /** Where faults hit and tokens are drawn; called once a call is known to exist. */
  enter(service: string, call: string, input?: object): void;
}

export interface Call {
  /** Every parameter that is understood; all others are refused. */
  readonly takes: readonly string[];
  run(input: JsonObject, context: CallContext): JsonObject | Promise<JsonObject>;
}

export type Calls = Readonly<Record<string, Call>>;

/** One AWS service on the wire. */
export interface Service {
  /** As in the signature's scope. */
  readonly name: string;
  answer(request: AwsRequest, context: CallContext): Promise<AwsResponse>;
  refuse(error: AwsError, request: Pick<AwsRequest, 'id' | 'method' | 'path' | 'headers'>): AwsResponse;
}

import type { AnyComponent } from '../bring-up/tier-software.ts';
import { analysisWorker } from './analysis-worker/component.ts';
import { awsEndpoint } from './aws-endpoint/component.ts';
import { cassandra } from './cassandra/component.ts';
import { consul } from './consul/component.ts';
import { consulAgent } from './consul-agent/component.ts';
import { elixirService } from './elixir-service/component.ts';
import { haproxy } from './haproxy/component.ts';
import { hazelcast } from './hazelcast/component.ts';
import { jvmService } from './jvm-service/component.ts';
import { knot } from './knot/component.ts';
import { memcached } from './memcached/component.ts';
import { mongodb } from './mongodb/component.ts';
import { nginx } from './nginx/component.ts';
import { postgresql } from './postgresql/component.ts';
import { rabbitmq } from './rabbitmq/component.ts';
import { redis } from './redis/component.ts';
import { rubyService } from './ruby-service/component.ts';
import { sphinx } from './sphinx/component.ts';
import { unbound } from './unbound/component.ts';

/** The components that Tandem brings, sorted by name. */
export const SHIPPED: readonly AnyComponent[] = [
  analysisWorker,
  awsEndpoint,
  cassandra,
  consul,
  consulAgent,
  elixirService,
  haproxy,
  hazelcast,
  jvmService,
  knot,
  memcached,
  mongodb,
  nginx,
  postgresql,
  rabbitmq,
  redis,
  rubyService,
  sphinx,
  unbound,
];

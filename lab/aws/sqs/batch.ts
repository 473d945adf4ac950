import { AwsError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, listOf, text } from '../json.ts';

/** Runs the entries of a batch; one that fails does not fail the others. */
export function runBatch(input: JsonObject, run: (entry: JsonObject) => JsonObject): JsonObject {
  const entries = listOf(input['Entries']).filter(isObject);
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map((entry) => text(entry['Id']) ?? '');
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  const Successful: Json[] = [];
  const Failed: Json[] = [];
  entries.forEach((entry, index) => {
    const Id = ids[index] ?? '';
    try {
      Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
    }
  });
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) };
}

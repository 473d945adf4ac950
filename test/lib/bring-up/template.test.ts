import { expect, it } from 'vitest';
import { bare, jsonOf, peers, value } from '../../../lib/bring-up/template.ts';

it('writes JSON in which placeholders of numbers and lists have no quotes, and all other text has', () => {
  const list = bare(`[${peers('web', { item: '"{address}"' })}]`);
  expect(jsonOf({ count: bare(value('count')), text: 'a "b" <c>', name: value('name'), list }, 1)).toBe(
    `{
 "count": @{value count},
 "text": "a \\"b\\" <c>",
 "name": "@{value name}",
 "list": [@{peers|web|*|,|"{address}"}]
}
`,
  );
});

import fc from 'fast-check';
import { AppError } from '../../core/errors';
import { parseFilter, parseOrderBy } from './grammar';

const key = fc.string({ minLength: 1, maxLength: 12 }).filter(s => !s.includes('`'));
const text = fc.string({ maxLength: 12 }).filter(s => !s.includes('\\'));

test('every key in backticks and every quoted text reads back as it was written', () => {
  const clause = fc.record({ entity: fc.constantFrom('params', 'tags', 'metrics'), key, value: fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()) });
  fc.assert(
    fc.property(fc.array(clause, { maxLength: 4 }), clauses => {
      const written = clauses.map(c => `${c.entity}.\`${c.key}\` = ${typeof c.value === 'string' ? `'${c.value.replaceAll("'", "''")}'` : c.value}`).join(' AND ');
      expect(parseFilter(written)).toEqual(clauses.map(c => ({ entity: c.entity, key: c.key, comparator: '=', value: Object.is(c.value, -0) ? expect.closeTo(0) : c.value })));
    })
  );
});

test('whatever is written, it is read or refused in words', () => {
  const token = fc.constantFrom('metrics', 'params', '.', 'a', '`b c`', '=', '!=', 'IS', 'NOT', 'NULL', 'IN', '(', ')', ',', "'x'", '"y', '1', '-2.5e3', 'AND', 'and', 'OR', ';', '\\', "'", 'LIKE');
  fc.assert(
    fc.property(fc.array(token, { maxLength: 9 }).map(t => t.join(' ')), filter => {
      for (const parse of [parseFilter, parseOrderBy] as ((s: string) => unknown)[]) {
        try {
          parse(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }
    }),
    { numRuns: 2_000 }
  );
});

test.each([
  ["tags.mlflow.parentRunId = 'x'", { entity: 'tags', key: 'mlflow.parentRunId', comparator: '=', value: 'x' }],
  ['metrics."val/acc" >= .5', { entity: 'metrics', key: 'val/acc', comparator: '>=', value: 0.5 }],
  ["run_name not in ('a', \"b\")", { entity: '', key: 'run_name', comparator: 'NOT IN', value: ['a', 'b'] }],
  ["params.x is not null", { entity: 'params', key: 'x', comparator: 'IS NOT NULL', value: null }],
  ["attributes.status <> 'FAILED'", { entity: 'attributes', key: 'status', comparator: '!=', value: 'FAILED' }]
])('%s', (filter, comparison) => {
  expect(parseFilter(filter)).toEqual([comparison]);
});

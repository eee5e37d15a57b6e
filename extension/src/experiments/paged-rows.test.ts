import { PagedRows } from './paged-rows';

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

test('only the pages that are seen are fetched, and again after a refresh', async () => {
  const asked: number[] = [];
  let word = 'a';
  const rows = new PagedRows(async offset => {
    asked.push(offset);
    return { items: Array.from({ length: 100 }, (_, i) => `${word}${offset + i}`), total: 100_000 };
  });
  rows.refresh();
  await wait(20);
  expect([rows.total, rows.at(5), rows.at(50_000)]).toEqual([100_000, 'a5', undefined]);
  rows.show(50_050, 50_120);
  await wait(80);
  expect([rows.at(50_120), asked]).toEqual(['a50120', [0, 50_000, 50_100]]);
  word = 'b';
  rows.refresh();
  await wait(80);
  expect([rows.at(50_120), asked.length]).toEqual(['b50120', 5]);
  rows.dispose();
});

test('an answer to the question before is dropped, a failure is told and keeps the rows', async () => {
  let answer: (total: number) => void = () => undefined;
  let isBroken = false;
  const rows = new PagedRows<number>(async () => {
    if (isBroken) throw new Error('no');
    const total = await new Promise<number>(resolve => (answer = resolve));
    return { items: [total], total };
  });
  rows.refresh();
  await wait(1);
  rows.reset();
  answer(1);
  await wait(1);
  expect(rows.total).toBeNull();
  answer(2);
  await wait(60);
  expect(rows.total).toBe(2);
  isBroken = true;
  rows.refresh();
  await wait(60);
  expect([rows.error?.message, rows.at(0)]).toEqual(['no', 2]);
  rows.dispose();
});

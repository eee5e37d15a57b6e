import { SseParser } from './sse-parser';

test('an event cut anywhere comes out whole, once', () => {
  const text = ': connected\n\nid: 7\ndata: {"a":1}\n\n: alive\n\nid: 8\ndata: x\ndata: y\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const parser = new SseParser();
    const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
    expect(events).toEqual([
      { id: '7', data: '{"a":1}' },
      { id: '8', data: 'x\ny' }
    ]);
  }
});

import { expect, test } from 'vitest';
import { progressOf } from '../../src/terraform/progress.ts';
import { parseStreamLine, readStream } from '../../src/terraform/stream.ts';

const start =
  '{"@level":"info","@message":"a.b: Creating...","type":"apply_start","hook":{"resource":{"addr":"a.b","module":""},"action":"create"}}';

test.each([
  ['plain text', 'Initializing the backend...', 'Initializing the backend...'],
  ['half a line', '{"@message":"cut of', '{"@message":"cut of'],
  ['JSON of another kind', '[1,2]', '[1,2]'],
  ['null', 'null', 'null'],
])('%s is kept as a text', (_name, line, text) => {
  expect(parseStreamLine(line)).toEqual({ type: 'text', text });
});

test('an unknown type is shown by its message', () => {
  const line = '{"@message":"hello","type":"from_the_future","hook":{"other":1}}';
  expect(parseStreamLine(line)).toMatchObject({ type: 'from_the_future', text: 'hello' });
});

test('a start is a milestone with its address, a heartbeat is none', () => {
  expect(progressOf(parseStreamLine(start))).toEqual({
    text: 'a.b: Creating...',
    address: 'a.b',
    milestone: true,
  });
  const beat = start
    .replace('apply_start', 'apply_progress')
    .replace('"action"', '"elapsed_seconds":10,"action"');
  expect(progressOf(parseStreamLine(beat))).toMatchObject({ elapsed: 10, milestone: false });
});

test('only the last 20 lines are kept, diagnostics all', () => {
  const diagnostic =
    '{"@message":"Error: no","type":"diagnostic","diagnostic":{"severity":"error","summary":"no","detail":"because\\nof this"}}';
  const reading = readStream([diagnostic, ...Array<string>(30).fill(start)].join('\n'));
  expect(reading.tail).toHaveLength(20);
  expect(reading.diagnostics).toEqual([
    { severity: 'error', summary: 'no', detail: 'because\nof this' },
  ]);
  expect(readStream(diagnostic).tail).toEqual(['Error: no: because of this']);
});

import { withoutEscapes } from './escapes';

test('colours are dropped and of a progress bar its last state stays', () => {
  expect(withoutEscapes('\u001b[31mred\u001b[0m\r\nstep 1\rstep 2\rstep 3\ndone')).toBe('red\nstep 3\ndone');
});

import { expect, it } from 'vitest';
import { withAdvice } from '../../../renderer/views/run/run-advice.ts';
import { plainRun } from '../../../shared/run-container.ts';

const options = { ...plainRun('x'), name: 'db' };

it.each([
  ['Conflict. The container name "/db" is already in use by container "12".', /container called db first/],
  ['creating container storage: the container name "db" is already in use by 12.', /container called db first/],
  ['driver failed … Bind for 0.0.0.0:80 failed: port is already allocated', /another host port/],
  ['cannot listen on the TCP port: listen tcp4 :80: bind: address already in use', /another host port/],
  ['runc: error setting rlimit type 7: operation not permitted', /nofile=1024:4096/],
])('keeps the engine’s words and says what to do: %s', (words, advice) => {
  expect(withAdvice(words, options).startsWith(words.replace(/\.$/, ''))).toBe(true);
  expect(withAdvice(words, options)).toMatch(advice);
});

it('says no more than the engine where nothing better is known', () => {
  expect(withAdvice('something else.', options)).toBe('something else.');
});

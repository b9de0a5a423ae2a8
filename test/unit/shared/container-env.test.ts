import { describe, expect, it } from 'vitest';
import { configuredEnvironment, environmentSentence, pairEnvironment } from '../../../shared/container-env.ts';

const env = (...entries: string[]) => configuredEnvironment({ Config: { Env: entries } })!;
const marks = (configured: string[], actual: string[]) =>
  pairEnvironment(env(...configured), env(...actual)).map(({ name, mark }) => `${name} ${mark}`);

describe('the environment, configured and in the process', () => {
  it('is marked where it differs, in the process’s order, what is missing last', () => {
    expect(marks(['PATH=/bin', 'A=1', 'GONE=x'], ['A=2', 'PATH=/bin', 'HOSTNAME=7f'])).toEqual([
      'A changed',
      'PATH same',
      'HOSTNAME added',
      'GONE missing',
    ]);
  });

  it('splits at the first “=”, keeps none apart from empty, and compares a name said twice time by time', () => {
    expect(env('A=b=c', 'B', 'C=')).toEqual([
      { name: 'A', value: 'b=c' },
      { name: 'B', value: null },
      { name: 'C', value: '' },
    ]);
    expect(marks(['B', 'X=1', 'X=2'], ['B=', 'X=1', 'X=3'])).toEqual(['B changed', 'X same', 'X changed']);
  });

  it('leaves out the nothing that a program leaves behind', () => {
    expect(pairEnvironment([], [{ name: '', value: null }])).toEqual([]);
  });

  it('is not called missing where the process has written over what would tell', () => {
    const pairs = pairEnvironment(env('PATH=/bin', 'A=1'), [
      { name: 'A', value: '1' },
      { name: '', value: null },
    ]);
    expect(pairs.map(({ name, mark }) => `${name} ${mark}`)).toEqual(['A same', 'PATH unknown']);
    expect(environmentSentence(pairs)).toBe('1 configured and written over since.');
  });

  it('is not known where the engine tells none', () => {
    expect(configuredEnvironment(null)).toBeNull();
    expect(configuredEnvironment({ Config: { Env: ['A=1', 7, null] } })).toEqual([{ name: 'A', value: '1' }]);
  });

  it('is said in a sentence', () => {
    const say = (configured: string[], actual: string[]) =>
      environmentSentence(pairEnvironment(env(...configured), env(...actual)));
    expect(say(['A=1'], ['A=1'])).toBe('All 1 as configured.');
    expect(say(['A=1', 'B=1'], ['A=2', 'H=1'])).toBe(
      '1 changed, 1 added to what was configured, 1 configured and not there.',
    );
  });
});

import { expect, it } from 'vitest';
import { AT_ONCE, Looks } from '../../../electron/host/engines/looks.ts';

/** Looks that end when they are told to. */
function held(): { looks: Looks; running: Map<string, () => void>; begun: string[] } {
  const running = new Map<string, () => void>();
  const begun: string[] = [];
  const looks = new Looks((id) => {
    begun.push(id);
    return new Promise((resolve) => {
      running.set(id, () => {
        running.delete(id);
        resolve();
      });
    });
  });
  return { looks, running, begun };
}

it('looks at a few at a time, and at all of them', async () => {
  const { looks, running, begun } = held();
  for (let n = 0; n < 3 * AT_ONCE; n++) looks.want(`c${n}`);
  const idle = looks.idle();
  while (begun.length < 3 * AT_ONCE) {
    expect(running.size).toBe(AT_ONCE);
    for (const end of [...running.values()]) end();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const end of [...running.values()]) end();
  await idle;
  expect(new Set(begun).size).toBe(3 * AT_ONCE);
});

it('looks once more, not twice, at one that changed while it was looked at', async () => {
  const { looks, running, begun } = held();
  looks.want('a');
  looks.want('a');
  looks.want('a');
  expect(begun).toEqual(['a']);
  running.get('a')?.();
  await expect.poll(() => begun).toEqual(['a', 'a']);
  running.get('a')?.();
  await looks.idle();
  expect(begun).toEqual(['a', 'a']);
});

it('lets others by while one hangs', async () => {
  const { looks, running } = held();
  looks.want('stuck');
  looks.want('b');
  running.get('b')?.();
  await expect.poll(() => [...running.keys()]).toEqual(['stuck']);
  expect(looks.has('stuck')).toBe(true);
});

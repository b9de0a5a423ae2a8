import { describe, expect, it } from 'vitest';
import { backoffMillis } from '../../../renderer/store/backoff.ts';
import { here, pushed, replaced, stepped, type Place, type Trail } from '../../../renderer/store/history.ts';
import { sameSubject, containerSubject, namespaceSubject, processSubject } from '../../../renderer/store/subject.ts';
import { takeToken } from '../../../renderer/store/token.ts';

const place = (view: string): Place => ({ view, params: {}, subject: null });
const trail = (...views: string[]): Trail => ({ places: views.map(place), at: views.length - 1 });

describe('the trail', () => {
  it('goes back and forward, and stops at both ends', () => {
    const back = stepped(trail('a', 'b'), -1);
    expect(here(back).view).toBe('a');
    expect(stepped(back, -1)).toBe(back);
    expect(here(stepped(back, 1)).view).toBe('b');
  });

  it('forgets what lay ahead when it goes elsewhere', () => {
    const elsewhere = pushed(stepped(trail('a', 'b'), -1), place('c'));
    expect(elsewhere.places.map(({ view }) => view)).toEqual(['a', 'c']);
  });

  it('takes no step when the present place changes', () => {
    expect(replaced(trail('a', 'b'), place('x'))).toEqual(trail('a', 'x'));
  });

  it('does not grow without end', () => {
    let long = trail('start');
    for (let n = 0; n < 1000; n++) long = pushed(long, place(String(n)));
    expect(long.places.length).toBeLessThanOrEqual(200);
    expect(here(long).view).toBe('999');
  });
});

it('tells subjects apart by kind and identity', () => {
  expect(sameSubject(processSubject('7@5'), processSubject('7@5'))).toBe(true);
  expect(sameSubject(processSubject('7@5'), processSubject('7@6'))).toBe(false);
  expect(sameSubject(containerSubject('x'), namespaceSubject('net:[1]'))).toBe(false);
  expect(sameSubject(null, null)).toBe(true);
});

it('waits longer and longer, but never more than ten seconds', () => {
  expect([0, 1, 2].map(backoffMillis)).toEqual([250, 500, 1000]);
  expect(backoffMillis(1000)).toBe(10_000);
});

describe('the token', () => {
  const places = (hash: string, kept: Record<string, string> = {}) => {
    const replacedBy: string[] = [];
    return {
      kept,
      replacedBy,
      location: { hash, pathname: '/', search: '' },
      history: {
        state: null,
        replaceState: (_: unknown, __: string, url?: string | URL | null) => void replacedBy.push(String(url)),
      },
      storage: {
        getItem: (key: string) => kept[key] ?? null,
        setItem: (key: string, value: string) => void (kept[key] = value),
      },
    };
  };

  it('is taken out of the address and kept for a reload', () => {
    const first = places('#token=secret');
    expect(takeToken(first)).toBe('secret');
    expect(first.replacedBy).toEqual(['/']);
    expect(takeToken(places('', first.kept))).toBe('secret');
  });

  it('is replaced by the one of a new address', () => {
    const first = places('#token=old');
    takeToken(first);
    expect(takeToken(places('#token=new', first.kept))).toBe('new');
  });

  it('is not made up', () => {
    expect(takeToken(places(''))).toBeNull();
    expect(takeToken(places('#token='))).toBeNull();
  });
});

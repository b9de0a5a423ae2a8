import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonRows, pointersFrom } from '../../../shared/json-tree.ts';

const account = { Name: '/db', State: { Pid: 7, OOMKilled: false }, Mounts: [], 'a/b~': { c: null } };

describe('an account as rows', () => {
  it('is in the order of the JSON, with how many each holds', () => {
    expect(jsonRows(account, new Set()).map(({ key, depth, kind, size, text }) => [key, depth, kind, size, text])).toEqual([
      ['Name', 0, 'string', 0, '/db'],
      ['State', 0, 'object', 2, ''],
      ['Pid', 1, 'number', 0, '7'],
      ['OOMKilled', 1, 'boolean', 0, 'false'],
      ['Mounts', 0, 'array', 0, ''],
      ['a/b~', 0, 'object', 1, ''],
      ['c', 1, 'null', 0, 'null'],
    ]); // prettier-ignore
  });

  it('closes what is closed, by a pointer that no other key can be mistaken for', () => {
    const closed = new Set(pointersFrom(account, 0));
    expect(closed).toEqual(new Set(['/State', '/a~1b~0']));
    expect(jsonRows(account, closed).map(({ key }) => key)).toEqual(['Name', 'State', 'Mounts', 'a/b~']);
  });

  it('finds keys and values, with what leads there, also in what is closed', () => {
    const closed = new Set(['/State']);
    expect(jsonRows(account, closed, 'oomk').map(({ key }) => key)).toEqual(['State', 'OOMKilled']);
    expect(jsonRows(account, closed, '/DB').map(({ key }) => key)).toEqual(['Name']);
    expect(jsonRows(account, closed, 'nowhere')).toEqual([]);
  });

  it('is rows of any JSON, each pointer once', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string({ maxLength: 2 }), (value, search) => {
        const rows = jsonRows(value, new Set(), search);
        expect(new Set(rows.map(({ pointer }) => pointer)).size).toBe(rows.length);
      }),
    );
  });
});

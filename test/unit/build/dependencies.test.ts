import { describe, expect, it } from 'vitest';
import { nodeComplaint, stalePackages } from '../../../build/dependencies.mjs';

describe('the Node that runs', () => {
  it.each(['20.19.0', '20.20.2', '22.12.0', '26.0.0'])('may be %s', (version) => {
    expect(nodeComplaint(version)).toBeNull();
  });
  it.each(['20.18.3', '18.20.0', '6.0.0'])('may not be %s', (version) => {
    expect(nodeComplaint(version)).toBe(`Porthole needs Node 20.19 or later; this is ${version}.`);
  });
});

describe('stale packages', () => {
  const wanted = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/for-another-platform': { version: '1.0.0', optional: true },
  };

  it('are all of them on a fresh clone, but for what is optional', () => {
    expect(stalePackages(wanted, {})).toEqual(['node_modules/a', 'node_modules/a/node_modules/b']);
  });
  it('are none after an install, whatever else is there', () => {
    const installed = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a/node_modules/b': { version: '2.0.0' } };
    expect(stalePackages(wanted, { ...installed, 'node_modules/more': { version: '1.0.0' } })).toEqual([]);
  });
  it('are those of another version, optional or not', () => {
    const installed = {
      'node_modules/a': { version: '1.0.1' },
      'node_modules/a/node_modules/b': { version: '2.0.0' },
      'node_modules/for-another-platform': { version: '0.9.0' },
    };
    expect(stalePackages(wanted, installed)).toEqual(['node_modules/a', 'node_modules/for-another-platform']);
  });
});

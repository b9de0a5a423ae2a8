import { describe, expect, it } from 'vitest';
import { whoWords } from '../../../shared/enter-who.ts';
import { enterWords } from '../../../shared/may-enter-words.ts';
import { aProcess } from './world.ts';

describe('the answer in words', () => {
  it('says by which right one may', () => {
    const owner = 'user:[1]';
    expect(enterWords({ can: 'yes', owner, via: null, power: { by: 'capability', held: owner } }, 'net:[5]')).toEqual({
      answer: 'Yes',
      sentence: 'This session holds CAP_SYS_ADMIN in its owner, user:[1].',
    });
    const above = { can: 'yes', owner, via: null, power: { by: 'capability', held: 'user:[9]' } } as const;
    expect(enterWords(above, 'user:[1]').sentence).toBe(
      'This session holds CAP_SYS_ADMIN in user:[9], which is above it.',
    );
  });

  it('says which way to go where there is no straight one', () => {
    const power = { by: 'creator', made: 'user:[1]', parent: 'user:[9]' } as const;
    expect(enterWords({ can: 'yes', owner: 'user:[1]', via: 'user:[1]', power }, 'net:[5]').sentence).toBe(
      'This session’s user made its owner, user:[1], and so has every capability in it. ' +
        'It must enter user:[1] first, where it then has every capability.',
    );
  });

  it('names the capability that is missing, and over what', () => {
    const over = 'user:[1]';
    const missing = [
      { capability: 'CAP_SYS_ADMIN', over },
      { capability: 'CAP_SYS_CHROOT', over },
    ] as const;
    expect(enterWords({ can: 'no', why: 'missing', missing }, 'mnt:[5]')).toEqual({
      answer: 'No',
      sentence: 'This session lacks CAP_SYS_ADMIN and CAP_SYS_CHROOT in user:[1] (EPERM).',
    });
    const unseen = [{ capability: 'CAP_SYS_ADMIN', over: null }] as const;
    expect(enterWords({ can: 'no', why: 'missing', missing: unseen }, 'mnt:[5]').sentence).toMatch(/not even see/);
  });

  it('names another than the session', () => {
    const missing = [{ capability: 'CAP_SYS_ADMIN', over: 'user:[1]' }] as const;
    const of = whoWords({ kind: 'process', process: aProcess({ pid: 7, comm: 'sh' }) });
    expect(enterWords({ can: 'no', why: 'missing', missing }, 'net:[5]', of).sentence).toBe(
      'sh 7 lacks CAP_SYS_ADMIN in user:[1] (EPERM).',
    );
    const power = { by: 'creator', made: 'user:[1]', parent: 'user:[9]' } as const;
    const mara = whoWords({ kind: 'user', uid: 1000, name: 'mara' });
    expect(enterWords({ can: 'yes', owner: 'user:[1]', via: null, power }, 'user:[1]', mara).sentence).toBe(
      'User mara made it, and so has every capability in it.',
    );
    expect(enterWords({ can: 'unknown', why: 'reader', of: null }, 'net:[5]', of).sentence).toBe(
      'The namespaces of sh 7 could not be read.',
    );
    expect(enterWords({ can: 'unknown', why: 'reader', of: null }, 'net:[5]').sentence).toBe(
      'The namespaces of this session could not be read.',
    );
  });

  it('does not guess', () => {
    expect(enterWords({ can: 'unknown', why: 'owner', of: 'net:[5]' }, 'net:[5]')).toEqual({
      answer: 'Not known',
      sentence: 'The owner of net:[5] could not be asked.',
    });
  });
});

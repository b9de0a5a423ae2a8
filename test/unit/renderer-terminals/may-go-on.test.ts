import { describe, expect, it } from 'vitest';
import { remainsWords, whyItMayGoOn } from '../../../renderer/app/dock/may-go-on.ts';
import type { TerminalInfo, TerminalRemains } from '../../../shared/terminal.ts';

const exec = { how: 'exec', ended: null, pid: 70, inside: null } as const;
const ROOT = { uid: 0, capEff: '000001ffffffffff' };
const USER = { uid: 1000, capEff: '0000000000000000' };
const ENDED: TerminalInfo['ended'] = { at: 1, exitCode: 0, signal: null };

describe('whether a program may outlive its terminal', () => {
  it.each<[string, Parameters<typeof whyItMayGoOn>, RegExp | null]>([
    ['of ours: never', [{ ...exec, how: 'unshare', pid: null }, undefined, USER], null],
    ['that has ended: no', [{ ...exec, pid: null, ended: ENDED }, undefined, ROOT], null],
    ['of an engine that does not say which it is: yes', [{ ...exec, pid: null }, undefined, ROOT], /has not told/],
    ['for root: no', [exec, { uid: 999 }, ROOT], null],
    [
      'for root without CAP_KILL: yes',
      [exec, { uid: 999 }, { ...ROOT, capEff: '000001ffffffffdf' }],
      /may not signal it/,
    ],
    ['of one’s own user: no', [exec, { uid: 1000 }, USER], null],
    ['of another user: yes', [exec, { uid: 0 }, USER], /uid 0, and uid 1000 may not signal it/],
    ['whose user is not known: nothing is claimed', [exec, { uid: null }, USER], null],
  ])('%s', (_, args, why) => {
    if (why === null) expect(whyItMayGoOn(...args)).toBeNull();
    else expect(whyItMayGoOn(...args)).toMatch(why);
  });
});

describe('what is said of one that did', () => {
  const remains = (some: Partial<TerminalRemains>): string =>
    remainsWords({ title: 'sh · d\u001bb', processes: [], container: null, known: true, ...some });
  const sh = { key: '70@5', comm: 's\u001bh', innerPid: 27 } as const;

  it('names it, with nothing of it left invisible', () => {
    expect(remains({ processes: [sh] })).toBe(
      '“sh · d\\eb” is closed, but s\\eh (PID 70) goes on: Porthole may not signal it.',
    );
    expect(remains({ processes: [sh, { ...sh, key: '71@6' as const }] })).toMatch(
      /\(PID 70\), .* \(PID 71\) go on: .* them/,
    );
  });

  it('says who says so, and when nobody does', () => {
    expect(remains({})).toContain('goes on in the container, as its engine says');
    expect(remains({ known: false })).toContain('Nobody could say');
  });
});

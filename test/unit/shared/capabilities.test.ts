import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  againstDefault,
  bitsThereAre,
  CAPABILITIES,
  capabilitiesBeyond,
  capabilityBits,
  capabilityMeaning,
  capabilityNames,
  capabilitySummary,
  decodeAsCapsh,
  differenceWords,
  DOCKER_DEFAULT_CAPABILITIES,
  ENGINE_DEFAULT_CAPABILITIES,
  parseMask,
} from '../../../shared/capabilities.ts';
import { engineKindOf } from '../../../shared/container-engine.ts';
import { seccompMeaning, seccompMode, seccompWords } from '../../../shared/seccomp.ts';

const anyMask = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((value) => value.toString(16));

describe('capabilities', () => {
  it('are the 41 of linux/capability.h, each explained', () => {
    expect(CAPABILITIES).toHaveLength(41);
    expect([0, 12, 21, 40].map((bit) => CAPABILITIES[bit]!.name)).toEqual([
      'CHOWN',
      'NET_ADMIN',
      'SYS_ADMIN',
      'CHECKPOINT_RESTORE',
    ]);
    expect(new Set(CAPABILITIES.map(({ meaning }) => meaning)).size).toBe(41);
    for (const { meaning } of CAPABILITIES) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('of Docker’s default are fourteen', () => {
    expect(capabilityNames(DOCKER_DEFAULT_CAPABILITIES)).toHaveLength(14);
    expect(capabilitySummary(DOCKER_DEFAULT_CAPABILITIES)).toBe('14 of 41, Docker’s default');
    expect(capabilitySummary('0')).toBe('none');
    expect(capabilitySummary('1ffffffffff')).toBe('all 41');
    expect(capabilitySummary('3')).toBe('2 of 41');
  });

  it('are counted against those that the kernel has, and those it has beyond our names keep their number', () => {
    // Linux 4.19 ends with AUDIT_READ.
    expect(capabilitySummary('3fffffffff', 37)).toBe('all 38');
    expect(capabilitySummary('3', 37)).toBe('2 of 38');
    expect(capabilitySummary('3ffffffffff', 41)).toBe('all 42');
    // A kernel whose last one could not be read.
    expect(capabilitySummary('3ffffffffff')).toBe('all 42');
    expect(bitsThereAre(41, '3')).toHaveLength(42);
    expect(bitsThereAre(37, '8000000000000000').at(-1)).toBe(63);
    expect(capabilityMeaning(41)).toBe('A capability newer than this program.');
  });

  it('of containerd and CRI-O are theirs, recognised from the cgroup alone', () => {
    expect(engineKindOf({ engine: null, runtime: 'containerd' }, [])).toBe('containerd');
    expect(engineKindOf({ engine: null, runtime: 'crio' }, [])).toBe('crio');
    expect(engineKindOf({ engine: null, runtime: 'nspawn' }, [])).toBeNull();
    expect(againstDefault('00000000a80425fb', 'containerd')).toMatchObject({ added: [], dropped: [] });
    expect(againstDefault('00000000000005fb', 'crio')).toMatchObject({ added: [], dropped: [] });
    expect(differenceWords(againstDefault('00000000a80425fb', 'crio'))).toBe(
      'CRI-O’s default with NET_RAW, SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP added',
    );
  });

  it.each([
    ['0', '0x0000000000000000='],
    ['3', '0x0000000000000003=cap_chown,cap_dac_override'],
    ['0xC000000000', '0x000000c000000000=cap_perfmon,cap_bpf'],
    ['20000000000', '0x0000020000000000=41'],
  ])('decode %s as capsh does', (mask, line) => {
    expect(decodeAsCapsh(mask)).toBe(line);
  });

  it('are neither lost nor invented', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        expect(capabilityBits(mask).reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)).toBe(parseMask(mask));
      }),
    );
  });

  it('beyond another set are those that have to be taken away to be within it', () => {
    fc.assert(
      fc.property(anyMask, anyMask, (mask, other) => {
        const names = new Set(capabilityNames(other));
        expect(capabilitiesBeyond(mask, other)).toEqual(capabilityNames(mask).filter((name) => !names.has(name)));
      }),
    );
  });

  it.each(['', '0x', 'xyz', '1g', '-1', '12345678901234567', ' 3', '3\n'])('refuse %j', (text) => {
    expect(() => parseMask(text)).toThrow(RangeError);
  });
});

describe('capabilities against an engine’s default', () => {
  it('are those of the engine that made the container', () => {
    expect(capabilityNames(ENGINE_DEFAULT_CAPABILITIES.podman)).toEqual([
      'CHOWN',
      'DAC_OVERRIDE',
      'FOWNER',
      'FSETID',
      'KILL',
      'SETGID',
      'SETUID',
      'SETPCAP',
      'NET_BIND_SERVICE',
      'SYS_CHROOT',
      'SETFCAP',
    ]);
    expect(againstDefault(DOCKER_DEFAULT_CAPABILITIES, 'podman').added).toEqual(['NET_RAW', 'MKNOD', 'AUDIT_WRITE']);
  });

  it.each([
    [DOCKER_DEFAULT_CAPABILITIES, 'docker', 'Docker’s default'],
    ['00000000a82405fb', 'docker', 'Docker’s default with SYS_ADMIN added and NET_RAW dropped'],
    ['0', 'docker', 'Docker’s default with 14 of them dropped'],
    ['1ffffffffff', 'podman', 'Podman’s default with 30 of them added'],
  ] as const)('%s for %s is "%s"', (mask, engine, words) => {
    expect(differenceWords(againstDefault(mask, engine))).toBe(words);
  });
});

describe('seccomp', () => {
  it.each([
    [null, null, 'not in this kernel'],
    [0, 0, 'disabled'],
    [1, null, 'strict'],
    [2, 1, 'filter, 1 filter'],
    [2, 3, 'filter, 3 filters'],
    [2, null, 'filter'],
    [9, 1, 'mode 9'],
  ])('mode %s with %s filters is "%s"', (seccomp, seccompFilters, words) => {
    expect(seccompWords({ seccomp, seccompFilters })).toBe(words);
    expect(words.startsWith(seccompMode(seccomp))).toBe(true);
    expect(seccompMeaning(seccomp)).toMatch(/\.$/);
  });
});

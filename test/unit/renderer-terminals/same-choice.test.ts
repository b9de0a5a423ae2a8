import { describe, expect, it } from 'vitest';
import { sameChoice, typedId } from '../../../renderer/views/unshare/same-choice.ts';
import { NO_NSENTER } from '../../../shared/nsenter-presets.ts';
import type { NsenterOptions } from '../../../shared/nsenter.ts';

describe('a choice that came from a preset', () => {
  it.each<[boolean, string, Partial<NsenterOptions>]>([
    [true, 'another target and program', { target: '7@1', program: ['bash'] }],
    [true, 'ticks in another order', { namespaces: ['pid', 'net'] }],
    [false, 'a tick less', { namespaces: ['net'] }],
    [false, 'a file', { files: { net: '/run/netns/a' } }],
    [false, 'an option', { setuid: 0 }],
  ])('is the same (%s) with %s', (same, _, some) => {
    const preset: NsenterOptions = { ...NO_NSENTER, namespaces: ['net', 'pid'] };
    expect(sameChoice({ ...preset, ...some }, preset)).toBe(same);
  });
});

describe('a typed ID', () => {
  it.each<[string, number | null | undefined]>([
    ['', null],
    [' 0 ', 0],
    ['4294967294', 0xfffffffe],
    ['4294967295', undefined],
    ['-1', undefined],
    ['root', undefined],
    ['1e3', undefined],
  ])('%j is %s', (text, id) => expect(typedId(text)).toBe(id));
});

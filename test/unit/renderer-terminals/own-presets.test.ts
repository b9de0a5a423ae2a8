import { describe, expect, it } from 'vitest';
import { Enter } from '../../../renderer/views/nsenter/enter.svelte.ts';
import { Launch } from '../../../renderer/views/unshare/launch.svelte.ts';
import { OwnPresets } from '../../../renderer/views/unshare/own-presets.svelte.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../../shared/unshare-presets.ts';
import { UnshareOptions } from '../../../shared/unshare.ts';

const NET: UnshareOptions = { ...NO_UNSHARE, namespaces: ['net'], program: ['ip', 'link'] };
const UTS: UnshareOptions = { ...NO_UNSHARE, namespaces: ['uts'], program: [] };

/** A browser's storage, with what is in it. */
const storage = (text: string | null = null) => ({
  text,
  getItem() {
    return this.text;
  },
  setItem(_key: string, text: string) {
    this.text = text;
  },
});
const presets = (kept = storage()) => new OwnPresets('key', UnshareOptions, ({ program }) => program.join(' '), kept);
const names = ({ list }: OwnPresets<UnshareOptions>): string[] => list.map(({ name }) => name);

describe('presets of one’s own', () => {
  it('are there again for the next page, program and all', () => {
    const kept = storage();
    presets(kept).save('my net', NET);
    expect(presets(kept).list).toEqual([
      { id: 'own:my net', name: 'my net', text: 'ip link', options: NET, own: true },
    ]);
  });

  it('are saved over by the same name, renamed but not onto another, removed and brought back where they stood', () => {
    const own = presets();
    for (const name of ['a', 'b', 'c']) own.save(name, NET);
    own.save('b', UTS);
    expect(names(own)).toEqual(['a', 'b', 'c']);
    expect(own.list[1]?.options).toEqual(UTS);
    expect(own.rename('b', 'c')).toBeNull();
    expect(own.rename('b', 'd')).toMatchObject({ id: 'own:d', options: UTS });
    own.remove('a');
    expect([names(own), own.removed]).toEqual([['d', 'c'], 'a']);
    own.restore();
    expect([names(own), own.removed]).toEqual([['a', 'd', 'c'], null]);
  });

  it('of another page are not lost when this one saves', () => {
    const kept = storage();
    const [one, other] = [presets(kept), presets(kept)];
    one.save('a', NET);
    other.save('b', UTS);
    expect(names(presets(kept))).toEqual(['a', 'b']);
  });

  it.each([
    ['nothing kept', null],
    ['not JSON', '{'],
    ['another shape', '{"a":1}'],
    [
      'what is no such form',
      JSON.stringify([{ name: 'x', options: { ...NET, namespaces: ['all'] } }, { name: 'y' }, 7]),
    ],
    ['an option that nobody knows', JSON.stringify([{ name: 'x', options: { ...NET, evil: true } }])],
    ['a name that is none', JSON.stringify([{ name: ' ', options: NET }])],
  ])('are none after %s', (_, text) => expect(presets(storage(text)).list).toEqual([]));

  it('that are sound stay, whatever lies beside them', () => {
    const text = JSON.stringify([
      { name: 'x', options: 5 },
      { name: 'good', options: { namespaces: ['net'], program: [] } },
    ]);
    expect(presets(storage(text)).list).toMatchObject([{ name: 'good', options: { ...NO_UNSHARE, namespaces: ['net'], program: [] } }]); // prettier-ignore
  });

  it('last as long as the page where nothing can be kept, and it says so', () => {
    const own = new OwnPresets('key', UnshareOptions, () => '', null);
    expect(own.forgetful).toBe(false);
    own.save('a', NET);
    own.save('b', NET);
    expect([names(own), own.forgetful]).toEqual([['a', 'b'], true]);
  });

  it('can be kept only if the host would take them', () => {
    const own = presets();
    expect(own.keeps(NET, 'a')).toBe(true);
    expect(own.keeps({ ...NET, program: ['a\0b'] }, 'a')).toBe(false);
    expect([own.nameOf('  a b '), own.nameOf('   '), own.nameOf('x'.repeat(61))]).toEqual(['a b', null, null]);
  });
});

describe('a form', () => {
  it('of unshare is saved as it stands, and taken again with its program', () => {
    const form = new Launch();
    form.kept = presets();
    form.tick('uts', true);
    form.program = 'hostname';
    form.saveAs('mine');
    expect([form.preset.name, form.changed]).toEqual(['mine', false]);
    form.program = 'bash';
    expect(form.changed).toBe(true);
    form.take(UNSHARE_PRESETS[0]!);
    form.take(form.kept.list[0]!);
    expect(form.program).toBe('hostname');
    expect(form.options.namespaces).toContain('uts');
    form.renamed('mine', 'yours');
    expect([form.preset.name, form.changed]).toEqual(['yours', false]);
  });

  it('of nsenter is saved without whom it enters', () => {
    const form = new Enter();
    form.ref = { kind: 'process', key: '7@1' };
    form.saveAs('mine');
    expect(form.kept.list).toMatchObject([{ name: 'mine', options: { target: null } }]);
    expect(form.options.target).toBe('7@1');
  });
});

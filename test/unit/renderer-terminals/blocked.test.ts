import { describe, expect, it } from 'vitest';
import { Enter } from '../../../renderer/views/nsenter/enter.svelte.ts';
import { blockedWords } from '../../../renderer/views/unshare/blocked.ts';
import { Launch } from '../../../renderer/views/unshare/launch.svelte.ts';
import { splitWords } from '../../../renderer/views/unshare/shell-words.ts';
import { UNSHARE_FLAGS } from '../../../shared/unshare-argv.ts';
import { UNSHARE_PRESETS } from '../../../shared/unshare-presets.ts';

const words = (program: string, unusable = {}): string | null =>
  blockedWords(splitWords(program), UNSHARE_FLAGS, unusable);

describe('a form', () => {
  it('can be started once all of it can be read', () => {
    expect(words('bash')).toBeNull();
    expect(words('echo "a')).toBe('The program cannot be read: the quote " is not closed.');
    expect(words('bash', { setuid: 'nobody' })).toBe('--setuid takes a number from 0 to 4294967294, not “nobody”.');
    expect(words('bash', { boottime: '1 day' })).toBe('--boottime takes a whole number of seconds, not “1 day”.');
  });

  it.each([new Launch(), new Enter()])(
    'keeps what is no number in sight, and does not start without it',
    async (form) => {
      form.setFlag('setuid', 7);
      form.setUnusable('setuid', 'nobody');
      expect(form.options.setuid).toBeNull();
      expect(form.unusable).toEqual({ setuid: 'nobody' });
      expect(form.changed).toBe(true);
      await form.start();
      // It did not so much as ask a host, which is not there.
      expect(form.problem).toBeNull();
      form.setFlag('setgid', 5);
      expect(form.blocked).toContain('--setuid');
      form.setFlag('setuid', 0);
      expect(form.blocked).toBeNull();
      await form.start();
      expect(form.problem).not.toBeNull();
    },
  );

  it('is not started before the command can be shown as it will run', () => {
    const form = new Enter();
    form.set({ joinCgroups: true });
    expect(form.blocked).toBe('Where the target’s cgroups are is not known yet.');
    expect(form.argv).not.toContain('join-cgroups');
    form.hierarchies = [];
    expect(form.blocked).toBeNull();
  });

  it('is whole again with a preset', () => {
    const form = new Launch();
    form.setUnusable('setgid', 'x');
    form.take(UNSHARE_PRESETS[1]!);
    expect(form.blocked).toBeNull();
  });
});

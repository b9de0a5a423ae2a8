/** The label of a Linux security module, /proc/PID/attr/current, in words; man 5 proc_pid_attr. */
import type { Reading } from './model.ts';

export interface LsmLabel {
  /** `null` if the form is no module's that is known here. */
  readonly module: 'AppArmor' | 'SELinux' | null;
  /** AppArmor's profile without its mode, SELinux's context, or the label as it is. */
  readonly label: string;
  /** AppArmor's `enforce`, `complain`, `kill`, … */
  readonly mode: string | null;
}

/** man 7 apparmor: `unconfined`, or the profile and its mode in parentheses. man 8 selinux: `user:role:type[:level]`. */
export const parseLsmLabel = (text: string): LsmLabel => {
  const whole = text.replace(/[\0\n]+$/, '');
  const profile = /^(.+) \((enforce|complain|kill|unconfined|mixed|prompt|user)\)$/s.exec(whole);
  if (profile !== null) return { module: 'AppArmor', label: profile[1]!, mode: profile[2]! };
  if (whole === 'unconfined') return { module: 'AppArmor', label: whole, mode: null };
  if (/^[^:\s]+:[^:\s]+:[^:\s]+/.test(whole)) return { module: 'SELinux', label: whole, mode: null };
  return { module: null, label: whole, mode: null };
};

/** What it means, a sentence without the label itself; `null` where the reading failed for a reason that says nothing. */
export const lsmMeaning = (reading: Reading<string>): string | null => {
  if (!reading.ok) {
    // Without a module that labels processes, reading fails with EINVAL: proc_pid_attr_read() of fs/proc/base.c.
    return reading.why === 'absent' ? 'No security module labels processes on this machine.' : null;
  }
  const { module, label, mode } = parseLsmLabel(reading.value);
  if (label === '') return 'It has no label.';
  if (module === 'AppArmor') {
    if (label === 'unconfined' || mode === 'unconfined') return 'AppArmor does not confine it.';
    return mode === 'complain'
      ? 'What its AppArmor profile forbids is noted, not kept from it.'
      : 'Its AppArmor profile says which files, capabilities and sockets it may use.';
  }
  if (module === 'SELinux') {
    return /:(?:unconfined_t|unconfined_service_t|spc_t)(?::|$)/.test(label)
      ? 'SELinux hardly confines this type.'
      : 'What it may touch is decided by SELinux’s rules for this type.';
  }
  return 'A label of a security module that this program does not know.';
};

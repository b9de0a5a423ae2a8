/** What to know before a program is started in a container. */
import type { ExecProbe } from '../../../shared/exec.ts';
import type { Container } from '../../../shared/model.ts';
import { visible } from '../../../shared/text.ts';
import { containerName } from '../containers/order.ts';
import type { AnyAdvice } from '../unshare/launcher.ts';

export interface ExecFacts {
  /** `null` if none is chosen; `undefined` if it is gone. */
  readonly container: Container | null | undefined;
  readonly engineUp: boolean;
  /** `null` while it is not known. */
  readonly probe: ExecProbe | null;
  /** Words were typed: then whether there is a shell is not the question. */
  readonly typed: boolean;
  readonly tty: boolean;
  readonly privileged: boolean;
}

const PLAIN = { fix: null, fixLabel: null } as const;
/** Leads to nsenter, which brings the host's tools along. */
export const DEBUG = { debug: true } as const;

export const execAdvice = (facts: ExecFacts): readonly AnyAdvice[] => {
  const { container, engineUp, probe, typed, tty, privileged } = facts;
  const advice: AnyAdvice[] = [];
  const error = (about: string, title: string, text: string): void =>
    void advice.push({ level: 'error', about, title, text, ...PLAIN });
  if (container === undefined) error('container', 'It is gone', 'There is no such container any more.');
  else if (container !== null) {
    const name = visible(containerName(container));
    if (container.engine === null) {
      advice.push({
        level: 'error',
        about: 'container',
        title: 'No engine to ask',
        text: `${name} is known by its cgroup alone. nsenter enters it without an engine.`,
        fix: DEBUG,
        fixLabel: 'Use nsenter',
      });
    } else if (!engineUp) error('container', 'Its engine does not answer', 'A program is started by the engine.');
    else if (container.state === 'paused') {
      error('container', 'It is paused', 'An engine starts nothing in a container that is paused. Unpause it first.');
    } else if (container.state !== 'running') {
      error('container', `It is ${container.state}`, 'An engine starts programs only in a container that runs.');
    } else if (probe !== null && probe.shell === null && !typed) {
      advice.push({
        level: 'error',
        about: 'program',
        title: 'It has no shell',
        text: `${probe.message === null ? '' : `Its engine says: ${probe.message}. `}A debug shell has this machine’s tools, in all of its namespaces but mnt, and a ps that shows its processes.`, // prettier-ignore
        fix: DEBUG,
        fixLabel: 'Debug shell',
      });
    }
  }
  if (privileged) {
    advice.push({
      level: 'warning',
      about: 'privileged',
      title: 'All capabilities',
      text: 'The program may do what the container’s own may not: load modules, mount, use devices.',
      ...PLAIN,
    });
  }
  if (!tty) {
    advice.push({
      level: 'hint',
      about: 'tty',
      title: 'Pipes instead of a terminal',
      text: 'No prompt, no line editing, no Ctrl+C. Ctrl+D ends the input.',
      ...PLAIN,
    });
  }
  return advice;
};

/** What each action is called, and what it does to the container, in words. */
import Ban from '@lucide/svelte/icons/ban';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import Pause from '@lucide/svelte/icons/pause';
import PenLine from '@lucide/svelte/icons/pen-line';
import Play from '@lucide/svelte/icons/play';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import Square from '@lucide/svelte/icons/square';
import Trash from '@lucide/svelte/icons/trash-2';
import { needsForce, type ContainerAction, type Verb } from '../../../shared/container-act.ts';
import type { Container } from '../../../shared/model.ts';
import type { Icon } from '../../parts/icon.ts';

interface Words {
  readonly title: string;
  readonly doing: string;
  readonly failed: string;
  readonly icon: Icon;
}

export const VERB_WORDS: Readonly<Record<Verb, Words>> = {
  start: { title: 'Start', doing: 'Starting…', failed: 'Not started', icon: Play },
  stop: { title: 'Stop', doing: 'Stopping…', failed: 'Not stopped', icon: Square },
  restart: { title: 'Restart', doing: 'Restarting…', failed: 'Not restarted', icon: RotateCw },
  pause: { title: 'Pause', doing: 'Pausing…', failed: 'Not paused', icon: Pause },
  unpause: { title: 'Unpause', doing: 'Unpausing…', failed: 'Not unpaused', icon: CirclePlay },
  kill: { title: 'Send a signal', doing: 'Signalling…', failed: 'Not signalled', icon: Ban },
  rename: { title: 'Rename', doing: 'Renaming…', failed: 'Not renamed', icon: PenLine },
  remove: { title: 'Remove', doing: 'Removing…', failed: 'Not removed', icon: Trash },
};

/** What the dialog begins with. */
export const firstChoice = (verb: Verb, container: Container): ContainerAction => {
  switch (verb) {
    case 'stop':
    case 'restart':
      return { do: verb, seconds: null };
    case 'kill':
      return { do: 'kill', signal: 'TERM' };
    case 'remove':
      return { do: 'remove', force: needsForce(container.state), volumes: false };
    case 'rename':
      return { do: 'rename', name: container.name ?? '' };
    default:
      return { do: verb };
  }
};

/** What will happen, before it does. */
export const effectWords = (action: ContainerAction, container: Container): string => {
  const policy = container.restartPolicy;
  switch (action.do) {
    case 'stop':
      return `Its first process gets the stop signal, SIGTERM unless the image says otherwise, and SIGKILL ${graceWords(action.seconds)}.`;
    case 'restart':
      return `It is stopped, with SIGKILL ${graceWords(action.seconds)}, and started again: new processes, new namespaces.`;
    case 'kill': {
      const again = policy !== null && policy !== 'no' ? ` If it ends, its restart policy is ${policy}.` : '';
      return `Its first process gets the signal. What it makes of it is its own affair; KILL and STOP it cannot refuse.${again}`;
    }
    case 'remove':
      return `${action.force ? 'Its processes are killed, and what' : 'What'} it wrote to its own file system is gone for good.${
        action.volumes ? ' So is what is in its unnamed volumes.' : ' Its volumes stay.'
      }`;
    case 'rename':
      return 'Other containers on its networks find it by the new name.';
    default:
      return '';
  }
};

const graceWords = (seconds: number | null): string =>
  seconds === null
    ? 'after its own time to end, 10 s unless it was made with another'
    : seconds === 0
      ? 'at once'
      : `after ${seconds} s`;

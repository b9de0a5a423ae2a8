/** What is wrong with an engine, from the error of the failing call: one word, the error, and what would mend it. */
import { readFileSync, statSync } from 'node:fs';
import type { EngineCondition, EngineState } from '../../../shared/model.ts';
import type { EnginePlace } from './find-sockets.ts';
import { NoAnswer } from './within.ts';
import { errorText } from '../../../shared/text.ts';

export interface Trouble {
  readonly condition: Exclude<EngineCondition, 'connecting' | 'up'>;
  readonly errno: string | null;
  readonly message: string;
  readonly remedy: EngineState['remedy'];
}

/** connect(2), and what Node makes of it. EAGAIN: a frozen daemon whose queue of connections is full. */
const BY_ERRNO: Readonly<Record<string, Trouble['condition']>> = {
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  EACCES: 'denied',
  EPERM: 'denied',
  ECONNREFUSED: 'refused',
  EAGAIN: 'hung',
  ETIMEDOUT: 'hung',
};

/** Longer words of an engine are cut; they are for one line of the screen. */
const MESSAGE_CHARACTERS = 500;

export function troubleOf(error: unknown, place: EnginePlace): Trouble {
  const message = wordsOf(error).slice(0, MESSAGE_CHARACTERS);
  if (place.reach.via === 'none') {
    return { condition: 'failed', errno: null, message, remedy: { text: place.reach.remedy, command: null } };
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const errno = typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
  const condition = error instanceof NoAnswer ? 'hung' : ((errno === null ? undefined : BY_ERRNO[errno]) ?? 'failed');
  return { condition, errno, message, remedy: remedyFor(condition, place) };
}

/** An engine's own words where it said any, else the failing call's. */
export function wordsOf(error: unknown): string {
  const said = (error as { json?: { message?: unknown } } | null)?.json?.message;
  if (typeof said === 'string' && said !== '') return said;
  // docker-modem's own words before those of an engine whose answer it did not parse.
  return errorText(error)
    .trim()
    .replace(/^\(HTTP code \d+\) [a-z ]+ - (?=\S)/, '');
}

function remedyFor(condition: Trouble['condition'], place: EnginePlace): Trouble['remedy'] {
  const { kind, source, reach } = place;
  const name = kind === 'docker' ? 'Docker' : 'Podman';
  if (reach.via !== 'unix') {
    if (condition === 'failed')
      return { text: 'Check the address, and whether the engine expects TLS.', command: null };
    return { text: `Check that the engine runs on ${reach.via === 'tcp' ? reach.host : source}.`, command: null };
  }
  // A unit manager knows the default places; what listens at another one is for its owner to say.
  const rootless = source === 'rootless socket' || reach.socketPath.startsWith('/run/user/');
  const own = !source.endsWith('socket') && !/^\/(?:var\/)?run\//.test(reach.socketPath);
  const unit = `${kind}${kind === 'podman' ? '.socket' : ''}`;
  const systemctl = (verb: string): string | null =>
    own ? null : `${rootless ? 'systemctl --user' : 'sudo systemctl'} ${verb} ${unit}`;
  switch (condition) {
    case 'absent':
      return own
        ? { text: `${source} names a socket that is not there.`, command: null }
        : { text: `There is no socket. If ${name} is installed, this starts it:`, command: systemctl('start') };
    case 'denied': {
      const group = groupOf(reach.socketPath);
      return group === null || group === 'root'
        ? { text: 'Only root may talk to it.', command: null }
        : {
            text: `Only root and group ${group} may talk to it. Join the group, then log in again; it is as good as root.`,
            command: `sudo usermod -aG ${group} "$USER"`,
          };
    }
    case 'refused':
      return { text: 'The socket is there, but no engine listens. Start it:', command: systemctl('start') };
    case 'hung': {
      const cost = kind === 'docker' ? ' A restart also ends its containers, unless it is set to live-restore.' : '';
      return { text: `The engine takes connections and does not answer.${cost}`, command: systemctl('restart') };
    }
    case 'failed':
      return null;
  }
}

/** The group that owns the socket, where it may be told. */
function groupOf(socketPath: string): string | null {
  try {
    const { gid } = statSync(socketPath);
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(gid));
    const name = line?.split(':')[0] ?? '';
    // It goes into a command to copy.
    return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) ? name : null;
  } catch {
    return null;
  }
}

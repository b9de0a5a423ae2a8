/** Whether a program may outlive its terminal, and what is said of one that did. */
import { hasCapability } from '../../../shared/capabilities.ts';
import type { HostInfo, Process } from '../../../shared/model.ts';
import type { TerminalInfo, TerminalRemains } from '../../../shared/terminal.ts';
import { visible } from '../../../shared/text.ts';

/** Bit of man 7 capabilities. */
const CAP_KILL = 5;

/**
 * Why closing this terminal may not end its program; `null` if it will. Only an engine's programs are not our children.
 * kill(2): who has CAP_KILL, as root mostly has, may signal all, others only processes of their own user.
 */
export const whyItMayGoOn = (
  terminal: Pick<TerminalInfo, 'how' | 'ended' | 'pid' | 'inside'>,
  process: Pick<Process, 'uid'> | undefined,
  host: Pick<HostInfo, 'uid' | 'capEff'> | null,
): string | null => {
  if (terminal.how !== 'exec' || terminal.ended !== null) return null;
  if (terminal.pid === null) {
    return 'Its engine started it and has not told which process it is, so it can only be asked to end: by Ctrl+C and Ctrl+D.';
  }
  if (host === null || hasCapability(host.capEff, CAP_KILL)) return null;
  if (process === undefined || process.uid === null || process.uid === host.uid) return null;
  return `It runs as uid ${process.uid}, and uid ${host.uid} may not signal it: it can only be asked to end, by Ctrl+C and Ctrl+D.`;
};

/** `sh (PID 4242) of “sh · db” goes on, …` */
export const remainsWords = ({ title, processes, known }: TerminalRemains): string => {
  const name = `“${visible(title)}”`;
  if (!known) return `${name} is closed. Nobody could say whether its program goes on in the container.`;
  if (processes.length === 0) return `${name} is closed, but its program goes on in the container, as its engine says.`;
  const list = processes.map(({ key, comm }) => `${visible(comm)} (PID ${key.split('@')[0]})`).join(', ');
  const verb = processes.length === 1 ? 'goes' : 'go';
  return `${name} is closed, but ${list} ${verb} on: Porthole may not signal ${processes.length === 1 ? 'it' : 'them'}.`;
};

/** What a process's row says of it. Everything here is hostile text until it has gone through `visible()`. */
import type { Process } from '../../../shared/model.ts';

/** Longer than any column; what a process may put into its command line is not. */
const MOST_CHARACTERS = 400;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The ID a container's shim was started for, as `docker ps` shortens it. */
const shimId = (argv: readonly string[]): string | null => {
  const id = argv[argv.indexOf('-id') + 1];
  return argv.includes('-id') && id !== undefined ? id.slice(0, 12) : null;
};

/**
 * The arguments beside the name, without repeating it: argv[0] is left out where it only says the name again; a shim
 * keeps its `-id`, which tells more than the rest. `null` if the command line could not be read.
 */
export const argumentsInRow = ({ comm, cmdline }: Pick<Process, 'comm' | 'cmdline'>): string | null => {
  if (cmdline === null) return null;
  const id = comm.startsWith('containerd-shim') ? shimId(cmdline) : null;
  if (id !== null) return `… -id ${id}`;
  const [first = '', ...rest] = cmdline;
  // Programs that rename themselves put the whole line into argv[0]: `nginx: worker process`.
  const renamed = first.startsWith(`${comm}: `) || first.startsWith(`${comm} `);
  if (renamed) return [first.slice(comm.length).replace(/^:? /, ''), ...rest].join(' ').slice(0, MOST_CHARACTERS);
  if (rest.length > 0 && sameName(baseName(first), comm)) return rest.join(' ').slice(0, MOST_CHARACTERS);
  return first === comm ? '' : cmdline.join(' ').slice(0, MOST_CHARACTERS);
};

/** The kernel keeps 15 bytes of a name; a login shell has a dash before it. */
const sameName = (name: string, comm: string): boolean =>
  name === comm || name === `-${comm}` || (comm.length === 15 && name.startsWith(comm));

/** The process's own idea of its PID, where it is another one than the host's. */
export const innerPid = ({ nspid }: Pick<Process, 'nspid'>): number | null =>
  nspid.length > 1 ? (nspid.at(-1) ?? null) : null;

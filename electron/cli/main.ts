/** The porthole command. Each command is loaded only when it is asked for, so that the quick ones are quick. */
import { errorText, visible } from '../../shared/text.ts';
import { version } from '../host/version.ts';
import { Failure, UsageFault } from './fault.ts';
import { print } from './print.ts';

interface Command {
  readonly usage: string;
  /** Prints its answer; throws a {@link UsageFault} or {@link Failure} that says what to do. Its own exit code, else 0. */
  readonly run: (args: readonly string[]) => Promise<number | void>;
}

const COMMANDS: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<Command> }>> = {
  serve: {
    about: 'the app in a browser',
    load: async () => {
      const { SERVE_USAGE, serve } = await import('./serve.ts');
      return { usage: SERVE_USAGE, run: serve };
    },
  },
  snapshot: { about: 'one look at the whole machine', load: () => import('./snapshot.ts') },
  ns: { about: 'namespaces, their members and what else holds them', load: () => import('./ns.ts') },
  tree: { about: 'processes as a tree, as pstree prints it', load: () => import('./tree.ts') },
  compare: { about: 'what two containers or processes share', load: () => import('./compare.ts') },
  cgroup: { about: 'cgroups and every file of one, in words', load: () => import('./cgroup.ts') },
  caps: { about: 'capability masks in words', load: () => import('./caps.ts') },
  process: {
    about: 'one process: how it runs, memory, open files, threads',
    load: () => import('./process.ts'),
  },
  seccomp: { about: 'which system calls a process may make', load: () => import('./seccomp.ts') },
};

const USAGE = `porthole COMMAND [OPTIONS]

See that a container is just a Linux process with extra configuration.
${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join('\n')}

porthole COMMAND --help says more. Exit codes: 0 done, 1 failed or not found, 2 wrong usage.`;

const main = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return said(USAGE);
  if (name === '--version' || name === '-V') return said(`porthole ${version()}`);
  const known = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (name === undefined || known === undefined) {
    const wrong = name === undefined ? 'no command given' : `there is no command "${visible(name)}"`;
    return complain('porthole', `${wrong}; see porthole --help`, 2);
  }
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  try {
    const command = await known.load();
    if (own.includes('--help') || own.includes('-h')) return await said(command.usage);
    return (await command.run(rest)) ?? 0;
  } catch (error) {
    return complain(`porthole ${name}`, ...blame(error, name));
  }
};

const said = async (text: string): Promise<number> => {
  await print(`${text}\n`);
  return 0;
};

const complain = (who: string, message: string, code: number): number => {
  process.stderr.write(`${who}: ${message}\n`);
  return code;
};

const hasCode = (error: unknown): error is Error & { code: string } => error instanceof Error && 'code' in error;

const blame = (error: unknown, command: string): [message: string, code: number] => {
  if (error instanceof UsageFault) return [error.message, 2];
  if (error instanceof Failure) return [error.message, 1];
  if (hasCode(error) && error.code.startsWith('ERR_PARSE_ARGS')) {
    // Node's message goes on about `--` after its first sentence.
    return [`${visible(error.message.split('. ')[0]!)}; see porthole ${command} --help`, 2];
  }
  return [visible(errorText(error)), 1];
};

/** Whoever reads may stop when it has seen enough, as `head` does: that is no error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') complain('porthole', `the output could not be written: ${error.message}`, 1);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

// Sockets of engines may stay open for reuse; the answer is given, so there is nothing to wait for.
process.exit(await main(process.argv.slice(2)));

/** What a terminal's program inherits. */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

/** Ours (the page's token among them), Electron's, npm's, and what speaks of a terminal that is not this one. */
const OURS = /^(PORTHOLE_|ELECTRON_|CHROME_|npm_|INIT_CWD$)/;
const OF_ANOTHER_TERMINAL = /^(TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERMCAP|COLUMNS|LINES|TERM_PROGRAM(_VERSION)?)$/;

export const terminalEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> => {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !OURS.test(name) && !OF_ANOTHER_TERMINAL.test(name)) given[name] = value;
  }
  return { ...given, TERM: 'xterm-256color', COLORTERM: 'truecolor' };
};

/** As login(1) and sudo(8) leave it in SHELL, else what passwd(5) says, else sh; the first that can be executed. */
export const usersShell = (env: NodeJS.ProcessEnv = process.env, ofPasswd = shellOfPasswd): string =>
  [env['SHELL'], ofPasswd()].find((shell) => shell?.startsWith('/') && isProgram(shell)) ?? '/bin/sh';

const shellOfPasswd = (): string | null => {
  try {
    return userInfo().shell;
  } catch {
    // A user that passwd(5) does not know.
    return null;
  }
};

const allows = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

const isProgram = (path: string): boolean =>
  allows(path, constants.X_OK) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The user's home directory, or `/` where it cannot be entered. */
export const startDirectory = (): string => {
  const home = homedir();
  return home.startsWith('/') && allows(home, constants.X_OK) ? home : '/';
};

/** Where execvp(3) would find the program; `null` if nowhere. */
export const onPath = (program: string, env: NodeJS.ProcessEnv = process.env): string | null => {
  if (program.includes('/')) return isProgram(program) ? program : null;
  for (const folder of (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter)) {
    const path = join(folder || '.', program);
    if (isProgram(path)) return path;
  }
  return null;
};

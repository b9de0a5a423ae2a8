import { describe, expect, it } from 'vitest';
import { onPath, startDirectory, terminalEnvironment, usersShell } from '../../../electron/host/shells/environment.ts';

describe('what a program inherits', () => {
  it('is the user’s environment with a terminal of its own', () => {
    expect(terminalEnvironment({ PATH: '/bin', LANG: 'de_DE.UTF-8', TERM: 'dumb', COLUMNS: '40', TMUX: 'x' })).toEqual({
      PATH: '/bin',
      LANG: 'de_DE.UTF-8',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
    });
  });

  it('is nothing of Porthole’s own, its secrets least of all', () => {
    const env = { PORTHOLE_TOKEN: 'secret', ELECTRON_RUN_AS_NODE: '1', npm_config_prefix: '/x', INIT_CWD: '/y' };
    expect(Object.keys(terminalEnvironment(env)).toSorted()).toEqual(['COLORTERM', 'TERM']);
  });
});

describe('finding a program', () => {
  it('follows PATH in its order and names no directory', () => {
    expect(onPath('sh', { PATH: '/nowhere:/bin:/usr/bin' })).toBe('/bin/sh');
    expect(onPath('etc', { PATH: '/' })).toBeNull();
    expect(onPath('no-such-program', { PATH: '/bin' })).toBeNull();
    expect(onPath('/bin/sh', {})).toBe('/bin/sh');
    expect(onPath('sh', {})).toMatch(/\/sh$/);
  });
});

it('a terminal starts in a directory that can be entered', () => {
  expect(startDirectory()).toMatch(/^\//);
});

describe('the user’s own shell', () => {
  it('is what SHELL names, else what passwd says, as far as it can be executed, else sh', () => {
    expect(usersShell({ SHELL: '/bin/bash' }, () => '/bin/sh')).toBe('/bin/bash');
    expect(usersShell({ SHELL: '/no/such/shell' }, () => '/bin/bash')).toBe('/bin/bash');
    expect(usersShell({ SHELL: 'bash' }, () => null)).toBe('/bin/sh');
    expect(usersShell({}, () => '/etc/passwd')).toBe('/bin/sh');
  });

  it('is one that is there', () => {
    expect(onPath(usersShell())).toBe(usersShell());
  });
});

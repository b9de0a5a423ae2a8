/** The built app as a person meets it: `porthole serve` in a process of its own, and a real browser. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Why no browser can be driven here; `null` if one can. */
export const browserUnavailable = (): string | null =>
  BROWSERS.some((path) => existsSync(path)) ? null : 'no Chromium is installed (Debian: chromium)';

/** What else a browser would say to hosts far away, at every start. */
const QUIET = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const WITHOUT_GRAPHICS = ['--disable-gpu'];
/** WebGL by a program that plays graphics card. */
export const SOFTWARE_WEBGL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

export const launchBrowser = (graphics: readonly string[] = WITHOUT_GRAPHICS): Promise<Browser> =>
  chromium.launch({
    executablePath: BROWSERS.find((path) => existsSync(path)) ?? 'chromium',
    args: [...QUIET, ...graphics, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });

export interface Served {
  /** With the token. */
  readonly address: string;
  readonly pid: number;
  /** Resolves with its exit code; `null` if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Interrupts it and waits; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `porthole serve`; `env` is added to the test's own environment. `by`: a command that starts it, as setpriv does. */
export const serve = async (
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  by: readonly string[] = [],
): Promise<Served> => {
  const [program, ...argv] = [...by, process.execPath, CLI, 'serve', ...args] as [string, ...string[]];
  const child = spawn(program, argv, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then((code) => reject(new Error(`porthole serve ended with ${code} before it printed its address`)));
  });
  return {
    address,
    pid: child.pid ?? -1,
    ended,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
};

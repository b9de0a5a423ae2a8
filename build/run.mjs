/** Starts programs: to their end, with their output shown or kept, and never longer than they may take. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

/**
 * @typedef {object} Ended
 * @property {number} code what the program returned; 128 and the signal's number if one ended it; 127 if it did not start
 * @property {string} output what it wrote on both streams, empty if that was shown
 * @property {boolean} late whether it was ended because it took too long
 */

/** What a killed program leaves to end by itself before its whole process group is killed, ms. */
const GRACE_MILLIS = 5_000;

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, timeoutMillis?: number, cwd?: string }} [options]
 * @returns {Promise<Ended>} never rejects
 */
export const run = (program, args, options = {}) => {
  const { show = false, env = process.env, timeoutMillis, cwd = root } = options;
  return new Promise((resolve) => {
    // In a group of its own where it may be killed: what it started must not outlive it.
    const detached = timeoutMillis !== undefined;
    const child = spawn(program, args, {
      cwd,
      env,
      detached,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    let late = false;
    const kill = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid !== undefined) process.kill(detached ? -child.pid : child.pid, signal);
      } catch {
        // It has ended.
      }
    };
    const stop = detached ? forwardSignals(kill) : () => undefined;
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    if (timeoutMillis !== undefined) {
      timers.push(
        setTimeout(() => {
          late = true;
          kill('SIGTERM');
          timers.push(setTimeout(() => kill('SIGKILL'), GRACE_MILLIS));
        }, timeoutMillis),
      );
    }
    const ended = (/** @type {number} */ code) => {
      for (const timer of timers) clearTimeout(timer);
      stop();
      resolve({ code, output, late });
    };
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => {
      output += `${error.message}\n`;
      ended(127);
    });
    child.once('close', (code, signal) => ended(code ?? exitCodeOf(signal)));
  });
};

/**
 * As a shell reports the end by a signal.
 * @param {NodeJS.Signals | null} signal
 */
export const exitCodeOf = (signal) => 128 + (signal === null ? 0 : constants.signals[signal]);

/** A terminal signals a whole group, and npm hands the same signal on once more: those two are one, ms. */
const SAME_SIGNAL_MILLIS = 500;

/**
 * Hands the signals that end a program on to another one, each once.
 * @param {(signal: NodeJS.Signals) => void} kill
 * @returns {() => void} stops doing so
 */
export const forwardSignals = (kill) => {
  let last = -Infinity;
  const listener = (/** @type {NodeJS.Signals} */ signal) => {
    const now = performance.now();
    if (now - last < SAME_SIGNAL_MILLIS) return;
    last = now;
    kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
};

/**
 * Runs a program in the foreground: its output shown, signals handed on.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, asked: boolean }>} as {@link Ended.code}, and whether a signal was handed on
 */
export const runInForeground = (program, args) =>
  new Promise((resolve) => {
    // Not in the terminal's group, so that Ctrl+C reaches it once, from here.
    const child = spawn(program, args, { cwd: process.cwd(), detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    let asked = false;
    const stop = forwardSignals((signal) => {
      asked = true;
      child.kill(signal);
    });
    child.once('error', (error) => {
      stop();
      console.error(`${program} did not start: ${error.message}`);
      resolve({ code: 127, asked });
    });
    child.once('exit', (code, signal) => {
      stop();
      resolve({ code: code ?? exitCodeOf(signal), asked });
    });
  });

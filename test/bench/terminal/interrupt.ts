/** How long Ctrl+C takes on the screen of a terminal that floods. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Client } from '../../../shared/client.ts';
import { SIZE, type Flood } from './floods.ts';

/** Long enough for every buffer on the way to be full. */
const FLOODED_MILLIS = 400;
const PROMPT = 'now-what?';

/** As a shell does it: the flood is its child, and dies of the signal; then comes the prompt. */
const SHELL = `while :; do printf '\\033c${PROMPT} '; read -r _; sh -c "$0"; done`;

/** Milliseconds from the key to the prompt on the screen, sorted. Other terminals of the flood go on meanwhile. */
export const interrupt = async (
  page: Page,
  client: Client,
  flood: Pick<Flood, 'script' | 'terminals'>,
  presses = 10,
): Promise<readonly number[]> => {
  const others: string[] = [];
  for (let turn = 1; turn < flood.terminals; turn++) {
    const argv = ['sh', '-c', `while :; do ${flood.script}; done`];
    others.push((await client.call('terminal.run', { argv, program: 'other', ...SIZE })).id);
  }
  const script = `while :; do ${flood.script}; done`;
  const argv = ['bash', '-c', `trap : INT; ${SHELL}`, script];
  const { id } = await client.call('terminal.run', { argv, program: 'pressed', ...SIZE });
  await page.getByRole('tab', { name: /^pressed / }).click();
  const panel = page.getByRole('tabpanel').locator('visible=true');
  const millis: number[] = [];
  for (let press = 0; press < presses; press++) {
    await panel.getByText(PROMPT).first().waitFor();
    await panel.click();
    await page.keyboard.press('Enter');
    await panel.getByText(PROMPT).first().waitFor({ state: 'hidden' });
    await sleep(FLOODED_MILLIS);
    await page.evaluate((prompt) => {
      const pressed = globalThis as typeof globalThis & { answered?: Promise<number> };
      pressed.answered = new Promise((resolve) => {
        addEventListener(
          'keydown',
          () => {
            const began = performance.now();
            const look = (): void => {
              const shown = [...document.querySelectorAll('[role=tabpanel]:not([hidden]) .xterm-rows')];
              if (shown.some((rows) => rows.textContent?.includes(prompt))) resolve(performance.now() - began);
              else requestAnimationFrame(look);
            };
            look();
          },
          { capture: true, once: true },
        );
      });
    }, PROMPT);
    await page.keyboard.press('Control+c');
    millis.push(
      await page.evaluate(() => (globalThis as typeof globalThis & { answered?: Promise<number> }).answered!),
    );
  }
  for (const other of [id, ...others]) await client.call('terminal.close', { terminal: other });
  return millis.toSorted((a, b) => a - b);
};

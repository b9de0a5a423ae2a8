/** What tests do with the dock of a page: its tabs, what is in sight, and what a terminal says. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A bash that reads nothing of this machine's, so that it says the same everywhere. */
export const PLAIN_BASH = { SHELL: '/bin/bash', HOME: '/', INPUTRC: '/dev/null', PROMPT_COMMAND: '', HISTFILE: '' };

/** `page` may come later: it is asked for with each use. */
export const dockOf = (given: () => Page) => {
  const dock = () => given().getByRole('region', { name: 'Terminals' });
  const tabs = () => given().getByRole('tablist', { name: 'Terminals' }).getByRole('tab');
  /** Which tab is taken, counted from 0. */
  const taken = () => tabs().evaluateAll((all) => all.findIndex((tab) => tab.getAttribute('aria-selected') === 'true'));
  const panels = () => given().getByRole('tabpanel').locator('visible=true');
  /** The panel of the tab that is taken. */
  const active = async (): Promise<Locator> =>
    given().locator(
      `[id="${
        (await tabs()
          .nth(await taken())
          .getAttribute('aria-controls')) ?? ''
      }"]`,
    );
  const focused = async (): Promise<void> => (await active()).locator('textarea:focus').waitFor({ state: 'attached' });
  const copied = () => given().evaluate(() => navigator.clipboard.readText());
  const copy = (text: string) => given().evaluate((words) => navigator.clipboard.writeText(words), text);
  const text = async (): Promise<string> => {
    await dock()
      .getByRole('button', { name: /^(Copy as text|Copied)$/ })
      .click();
    const all = await copied();
    await (await active()).locator('textarea').focus();
    return all;
  };
  const type = async (line: string): Promise<void> => {
    await focused();
    await given().keyboard.type(`${line}\n`);
  };
  const says = (words: RegExp) => expect.poll(text, { timeout: 20_000 }).toMatch(words);
  const choose = async (button: string, item: RegExp): Promise<void> => {
    await dock().getByRole('button', { name: button, exact: true }).click();
    await given().getByRole('menuitem', { name: item }).click();
    await given().getByRole('menu').waitFor({ state: 'hidden' });
  };
  /** Where each of those in sight begins and how large it is, in their order on the screen. */
  const boxes = async () => {
    const all = await panels().evaluateAll((list) =>
      list.map((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        return { x, y, width, height, id: each.id };
      }),
    );
    return all.toSorted((a, b) => a.x - b.x || a.y - b.y);
  };
  return { dock, tabs, taken, panels, active, focused, copied, copy, text, type, says, choose, boxes };
};

/** npm run capture -- --guest NAME…: writes test/trees/NAME.tree as the guest is. See build/capture.mjs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guestUnavailable, runGuest } from './guest.ts';

const capture = async ([folder = '.', ...names]: readonly string[]): Promise<number> => {
  const reason = await guestUnavailable();
  if (reason !== null) {
    console.error(`The guest cannot run: ${reason}.`);
    return 1;
  }
  const { trees } = await runGuest(['trees']);
  const unknown = names.filter((name) => trees[name] === undefined);
  if (unknown.length > 0) {
    console.error(`The guest has no ${unknown.join(', ')}; it has ${Object.keys(trees).join(', ')}.`);
    return 2;
  }
  for (const name of names.length === 0 ? Object.keys(trees) : names) {
    const text = trees[name] ?? '';
    const file = join(folder, `${name}.tree`);
    writeFileSync(file, text);
    console.log(`${file}: ${Math.ceil(text.length / 1024)} KiB. Look through what changed before you keep it.`);
  }
  return 0;
};

process.exitCode = await capture(process.argv.slice(2));

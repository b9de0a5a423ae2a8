import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Opens an address in the default browser. The address holds a secret and a command line is readable by every user, so
 * the browser is given a private file that leads there.
 */
export const openInBrowser = (address: string): { forget(): void } => {
  const folder = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'porthole-'));
  const file = join(folder, 'open.html');
  writeFileSync(
    file,
    `<!doctype html><meta http-equiv="refresh" content="0;url=${address}"><title>Porthole</title>\n`,
    {
      mode: 0o600,
    },
  );
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  child.on('error', (error) => {
    process.stderr.write(`The browser did not open (${opener}: ${error.message}); open the address above by hand.\n`);
  });
  child.unref();
  return { forget: () => rmSync(folder, { recursive: true, force: true }) };
};

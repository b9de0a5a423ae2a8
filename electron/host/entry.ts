/**
 * Where the host begins as a child of Electron's main process, which sends `connect` with a port for each page that
 * loads, and `stop` before it quits.
 */
import { messagePortTransport, type Port } from '../transport/message-port.ts';
import { createHost } from './host.ts';
import { version } from './version.ts';

/** What Electron adds to `process` in a utility process; said here, because this room knows nothing of Electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly Port[] }) => void): unknown;
}

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
if (parentPort === undefined) throw new Error('host.js is started by Porthole itself; run `porthole serve` instead.');

const host = createHost({ samplerScript: new URL('./sampler.js', import.meta.url), version: version() });

parentPort.on('message', ({ data, ports: [port] }) => {
  if (data === 'connect' && port !== undefined) host.connect(messagePortTransport(port));
  if (data === 'stop') void host.close().finally(() => process.exit(0));
});

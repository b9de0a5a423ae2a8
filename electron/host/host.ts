/**
 * The host put together: sampling in its worker, the engines, the terminals, and one session for each page that is
 * connected. It knows neither Electron nor the web; it is given transports.
 */
import { randomUUID } from 'node:crypto';
import type { ToHost, ToPage, Transport } from '../../shared/frames.ts';
import { Changes } from './change/changes.ts';
import { Engines } from './engines/engines.ts';
import { Sampler } from './sample/sampler.ts';
import { openSession } from './session.ts';
import { OrphanWatch } from './shells/orphan-watch.ts';
import { Terminals } from './shells/terminals.ts';
import { Audience } from './audience.ts';

/** Engines are followed on for this long after the last page left, so that a reload does not start from nothing. */
const ENGINE_LINGER_MILLIS = 10_000;

export interface HostOptions {
  /** The bundled sampling worker. */
  readonly samplerScript: URL;
  readonly version: string;
}

export interface Host {
  /** Serves one page until its transport closes. */
  connect(transport: Transport<ToPage, ToHost>): void;
  /** Ends everything the host started: terminals, worker, engine connections. */
  close(): Promise<void>;
}

export const createHost = ({ samplerScript, version }: HostOptions): Host => {
  const sampler = new Sampler(samplerScript);
  const engines = new Engines();
  const orphans = new OrphanWatch(new URL('./orphans.js', samplerScript));
  const terminals = new Terminals({ namespacesOf: (pid) => sampler.namespacesOf(pid), engines, orphans });
  const changes = new Changes({ engines, pageBytes: async () => (await sampler.hostInfo()).pageBytes });
  const audience = new Audience({
    arrived: () => engines.start(),
    left: () => engines.stop(),
    lingerMillis: ENGINE_LINGER_MILLIS,
  });
  engines.onChange((states, containers) => sampler.setEngines(states, containers));
  const instance = randomUUID();
  let nextViewer = 1;
  return {
    connect: (transport) => {
      openSession({
        viewer: `viewer-${nextViewer++}`,
        transport,
        version,
        instance,
        sampler,
        engines,
        terminals,
        audience,
        changes,
      });
    },
    close: async () => {
      audience.close();
      engines.stop();
      await Promise.all([terminals.shutdown(), sampler.close()]);
    },
  };
};

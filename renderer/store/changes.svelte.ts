/** What was changed through this host, and asking it to change more. The host keeps the list; every page shows the same. */
import type { Client } from '../../shared/client.ts';
import type { Change, ChangePreview, ChangeRecord } from '../../shared/change.ts';
import { PortholeError } from '../../shared/frames.ts';
import { connection } from './connection.svelte.ts';

export type ChangeClient = Pick<Client, 'call' | 'on'>;

export class Changes {
  /** Oldest first. */
  list = $state.raw<readonly ChangeRecord[]>([]);
  #client: ChangeClient | null = null;

  /** Returns what to do when this client is lost. */
  opened(client: ChangeClient): () => void {
    this.#client = client;
    let told = false;
    const stop = client.on('changes', (list) => {
      told = true;
      this.list = list;
    });
    void client.call('change.list', {}).then(
      (list) => {
        if (!told) this.list = list;
      },
      () => undefined,
    );
    return () => {
      stop();
      if (this.#client === client) this.#client = null;
    };
  }

  preview(change: Change): Promise<ChangePreview> {
    return this.#need().call('change.preview', { change });
  }

  apply(token: string): Promise<ChangeRecord> {
    return this.#need().call('change.apply', { token });
  }

  undo(id: string): Promise<ChangeRecord> {
    return this.#need().call('change.undo', { id });
  }

  #need(): ChangeClient {
    if (this.#client === null) throw new PortholeError('failed', 'There is no connection.');
    return this.#client;
  }
}

export const changes = new Changes();
connection.onOpen((client) => changes.opened(client));

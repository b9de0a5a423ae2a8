/** A client of the host beside the page's: for what a test asks of the host itself, with the page looking on. */
import { WebSocket } from 'ws';
import { SocketTransport } from '../../renderer/store/socket-transport.ts';
import { Client } from '../../shared/client.ts';

/** @param address as `porthole serve` prints it, token and all. */
export const hostClient = (address: string): Client => {
  const { host, hash } = new URL(address);
  const socket = new WebSocket(`ws://${host}/socket`);
  return new Client(new SocketTransport(socket as unknown as globalThis.WebSocket, hash.slice('#token='.length)));
};

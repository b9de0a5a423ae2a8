import type { Frame, Transport } from '../../shared/frames.ts';

/** The part of a message port that both Electron's MessagePortMain and Node's MessagePort have. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

const asFrame = (message: unknown): Frame<unknown> | null => {
  // Electron wraps what was posted in an event-like object, Node hands it over bare.
  const data = message !== null && typeof message === 'object' && 'data' in message ? message.data : message;
  if (data === null || typeof data !== 'object' || !('header' in data)) return null;
  const bytes = 'bytes' in data && data.bytes instanceof Uint8Array ? data.bytes : null;
  return bytes === null ? { header: data.header } : { header: data.header, bytes };
};

/** Frames as structured clones over a message port. What is not a frame is dropped. */
export const messagePortTransport = <Out, In>(port: Port): Transport<Out, In> => {
  let closed = false;
  const closeListeners: ((reason: string) => void)[] = [];
  const ended = (reason: string): void => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener(reason);
  };
  port.on('close', () => ended('the other side closed the port'));
  return {
    send: (frame) => {
      if (!closed) port.postMessage(frame);
    },
    onFrame: (listener) => {
      port.on('message', (message) => {
        const frame = asFrame(message);
        if (frame !== null) listener(frame as Frame<In>);
      });
      port.start();
    },
    onClose: (listener) => void closeListeners.push(listener),
    close: (reason = 'closed') => {
      port.close();
      ended(reason);
    },
  };
};

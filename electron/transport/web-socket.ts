import type { WebSocket } from 'ws';
import { decodeFrame, encodeFrame, type Frame, type Transport } from '../../shared/frames.ts';

/** The largest frame a page may send; none of the app's own comes near. Larger ones close the connection. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** Frames as binary messages over a web socket that has already proved that it may talk. */
export const webSocketTransport = <Out, In>(socket: WebSocket): Transport<Out, In> => ({
  send: (frame) => {
    if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame));
  },
  onFrame: (listener) => {
    socket.on('message', (data, isBinary) => {
      let frame: Frame<unknown>;
      try {
        if (!isBinary || !(data instanceof Buffer)) throw new TypeError('not a binary message');
        frame = decodeFrame(data);
      } catch {
        socket.close(1003, 'not a frame');
        return;
      }
      listener(frame as Frame<In>);
    });
  },
  onClose: (listener) => socket.on('close', (code) => listener(`connection closed (${code})`)),
  close: (reason = 'closed') => socket.close(1000, reason),
});

/**
 * Serves the page and its socket to a browser on this machine. The page itself is no secret; the socket is: who holds it
 * has shells. It opens only for a Host this server answers to (a foreign name means DNS rebinding), an Origin that is
 * this page's own, and the token, which travels in the URL's fragment and so never reaches a server, a log or a Referer.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ToHost, ToPage, Transport } from '../../shared/frames.ts';
import { pageFile, pageHeaders } from './page-files.ts';
import { MAX_FRAME_BYTES, webSocketTransport } from './web-socket.ts';

/** How long a socket may stay silent before it has shown its token. */
const TOKEN_MILLIS = 5_000;
/** How often a page's end is asked whether it is there, and how many answers may be owed before it counts as gone. */
const PING_MILLIS = 15_000;
const MOST_OWED = 2;
/** Sockets that have not shown a token yet; more are turned away, so that strangers cannot pile them up. */
const MAX_STRANGERS = 16;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface ServeOptions {
  readonly root: string;
  readonly token: string;
  /** True if it listens beyond loopback: then this machine's name and plain IP addresses are its own names too. */
  readonly exposed: boolean;
  readonly connect: (transport: Transport<ToPage, ToHost>) => void;
  /** {@link PING_MILLIS} by default. */
  readonly pingMillis?: number;
}

/** The Host header's name without its port, or `null` if the header is missing or malformed. */
const hostName = (header: string | undefined): string | null => {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:/@\s]+)(:\d{1,5})?$/.exec(header ?? '');
  return match?.[1]?.toLowerCase() ?? null;
};

/** Whether a Host header names this server. Any port: `ssh -L` gives it another one. */
export const isOwnHost = (header: string | undefined, exposed: boolean): boolean => {
  const name = hostName(header);
  if (name === null) return false;
  if (LOOPBACK.has(name)) return true;
  return exposed && (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === hostname().toLowerCase());
};

/** Whether an Origin header is this page's own. Browsers always send one with a socket; other clients send none. */
export const isOwnOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  origin === undefined || origin === `http://${host}`;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const sameSecret = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));

const answer = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, pageHeaders('text/plain; charset=utf-8', "'none'")).end(`${text}\n`);
};

const servePage = (options: ServeOptions, request: IncomingMessage, response: ServerResponse): void => {
  if (!isOwnHost(request.headers.host, options.exposed)) return answer(response, 403, 'This is not my name.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'Only GET.');
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  const file = pageFile(options.root, path);
  if (file === null) return answer(response, 404, 'There is no such file.');
  response.writeHead(200, pageHeaders(file.contentType, "'self'"));
  if (request.method === 'HEAD') return void response.end();
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
};

/** TCP alone takes a quarter of an hour to notice that nobody is there; tcp(7), tcp_retries2. */
const watchOver = (socket: WebSocket, millis: number): void => {
  let owed = 0;
  socket.on('pong', () => (owed = 0));
  const timer = setInterval(() => {
    if (owed >= MOST_OWED) return socket.terminate();
    owed += 1;
    socket.ping();
  }, millis);
  socket.once('close', () => clearInterval(timer));
};

/** The first message must be the token; only then does the socket become a connection to the host. */
const admit = (socket: WebSocket, options: ServeOptions): void => {
  const tooLate = setTimeout(() => socket.close(4401, 'no token'), TOKEN_MILLIS);
  socket.once('close', () => clearTimeout(tooLate));
  socket.on('error', () => socket.terminate());
  socket.once('message', (data, isBinary) => {
    clearTimeout(tooLate);
    if (isBinary || !(data instanceof Buffer) || !sameSecret(data.toString(), options.token)) {
      socket.close(4401, 'wrong token');
      return;
    }
    watchOver(socket, options.pingMillis ?? PING_MILLIS);
    options.connect(webSocketTransport(socket));
    socket.send('welcome');
  });
};

export interface PageServer {
  /** Not yet listening. */
  readonly server: Server;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

export const createPageServer = (options: ServeOptions): PageServer => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  let strangers = 0;
  const server = createServer((request, response) => servePage(options, request, response));
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    const allowed =
      request.url === '/socket' &&
      isOwnHost(host, options.exposed) &&
      isOwnOrigin(origin, host) &&
      strangers < MAX_STRANGERS;
    if (!allowed) {
      stream.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    strangers += 1;
    let counted = true;
    const known = (): void => {
      if (counted) strangers -= 1;
      counted = false;
    };
    stream.once('close', known);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.once('message', known);
      admit(socket, options);
    });
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }),
  };
};

/** The page's own scheme: `app://porthole/` names the files of the built page and nothing else. */
import { readFile } from 'node:fs/promises';
import type { Protocol } from 'electron';
import { pageFile, pageHeaders } from '../transport/page-files.ts';

export const SCHEME = 'app';
export const PAGE_URL = `${SCHEME}://porthole/`;

/** Gives the scheme an origin of its own. Electron wants this before `app` is ready. */
export const registerScheme = (protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void => {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
};

/** Answers every request for the scheme from the built page in `root`. */
export const serveScheme = (protocol: Pick<Protocol, 'handle'>, root: string): void => {
  protocol.handle(SCHEME, (request) => answerPage(root, request));
};

const refuse = (status: number): Response =>
  new Response(null, { status, headers: pageHeaders('text/plain; charset=utf-8', "'none'") });

/** 405 for anything but reading, 404 for another host, for what is not in `root`, and for what cannot be read. */
export const answerPage = async (root: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  if (!URL.canParse(request.url)) return refuse(404);
  const url = new URL(request.url);
  if (url.protocol !== `${SCHEME}:` || url.host !== 'porthole') return refuse(404);
  const file = pageFile(root, url.pathname);
  if (file === null) return refuse(404);
  try {
    const content = request.method === 'GET' ? new Uint8Array(await readFile(file.path)) : null;
    return new Response(content, { headers: pageHeaders(file.contentType, "'none'") });
  } catch {
    return refuse(404);
  }
};

import { statSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * What the page may do: run its own scripts and talk to its own host. Inline styles are allowed because xterm writes its
 * measured cell sizes into a style element.
 */
const contentSecurityPolicy = (connect: "'self'" | "'none'"): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Headers of every answer that carries a part of the page. `connect` is `'none'` where the page has a message port. */
export const pageHeaders = (contentType: string, connect: "'self'" | "'none'"): Record<string, string> => ({
  'content-type': contentType,
  'content-security-policy': contentSecurityPolicy(connect),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Names of bundled files carry a hash, but index.html does not, and a stale page speaks a stale contract.
  'cache-control': 'no-cache',
});

export interface PageFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file of the built page that a URL path names, or `null`. `/` is index.html. Nothing outside `root`, no directory,
 * no unknown type is ever named, whatever the path holds.
 */
export const pageFile = (root: string, urlPath: string): PageFile | null => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const path = normalize(join(root, decoded === '/' ? 'index.html' : decoded));
  if (!path.startsWith(normalize(root + sep))) return null;
  const contentType = CONTENT_TYPES[extname(path)];
  if (contentType === undefined) return null;
  try {
    return statSync(path).isFile() ? { path, contentType } : null;
  } catch {
    // Not only absent: a name may be too long, too, or lead in circles.
    return null;
  }
};

// A registry of one image, as far as a pull needs it: OCI distribution specification, "Pull". It misbehaves by name.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [folder = '.', port = '0', secret = ''] = process.argv.slice(2);
/** Whoever does not say this is sent away; empty: everyone may. */
const expected = secret === '' ? null : `Basic ${Buffer.from(secret).toString('base64')}`;
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const manifest = readFileSync(join(folder, 'manifest.json'));
const { layers } = JSON.parse(manifest.toString());
const last = layers.at(-1).digest;

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} code */
const refuse = (response, status, code) => {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="lab"' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...challenge });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
};

const server = createServer((request, response) => {
  const [, name, kind, ref] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
  const behaviour = name?.split('/')[0];
  if (expected !== null && request.headers.authorization !== expected) return refuse(response, 401, 'UNAUTHORIZED');
  if (request.url === '/v2/' && behaviour === undefined) return response.writeHead(200).end('{}');
  if (behaviour === 'secret') return refuse(response, 401, 'UNAUTHORIZED');
  if (behaviour === 'missing' || kind === undefined || ref === undefined)
    return refuse(response, 404, 'MANIFEST_UNKNOWN');
  if (kind === 'manifests') {
    response.writeHead(200, { 'content-type': MANIFEST, 'content-length': manifest.length });
    return response.end(request.method === 'HEAD' ? undefined : manifest);
  }
  if (!/^sha256:[0-9a-f]{64}$/.test(ref)) return refuse(response, 404, 'BLOB_UNKNOWN');
  const path = join(folder, ref.slice(7));
  const { size } = statSync(path);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
  const odd = ref === last;
  const bytes = createReadStream(path, { highWaterMark: 64 * 1024 });
  let sent = 0;
  bytes.on('data', (chunk) => {
    const part = Buffer.from(chunk);
    if (odd && behaviour === 'broken') part[0] ^= 0xff;
    sent += part.length;
    response.write(part);
    if (odd && behaviour === 'drop' && sent > size / 2) return (bytes.destroy(), response.destroy());
    // Half of it, and no more until whoever asked has gone.
    if (odd && behaviour === 'stuck' && sent > size / 2) return bytes.pause();
    if (behaviour !== 'slow') return;
    bytes.pause();
    setTimeout(() => bytes.resume(), 40);
  });
  bytes.on('end', () => response.end());
  response.on('close', () => bytes.destroy());
});
server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));

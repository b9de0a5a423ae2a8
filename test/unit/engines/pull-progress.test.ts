import { describe, expect, it } from 'vitest';
import { PullProgress } from '../../../electron/host/engines/pull-progress.ts';
import { imageSource } from '../../../electron/host/engines/run.ts';

/** As Docker Engine 20.10 says it. */
const LINES = [
  '{"status":"Pulling from library/redis","id":"alpine"}',
  '{"status":"Pulling fs layer","progressDetail":{},"id":"4abcf2066143"}',
  '{"status":"Pulling fs layer","progressDetail":{},"id":"1dc4a7b4cb67"}',
  '{"status":"Downloading","progressDetail":{"current":32768,"total":3408729},"progress":"[>  ]  32.77kB/3.409MB","id":"4abcf2066143"}',
  '{"status":"Extracting","progressDetail":{"current":3408729,"total":3408729},"progress":"[==>]  3.409MB/3.409MB","id":"4abcf2066143"}',
  '{"status":"Pull complete","progressDetail":{},"id":"4abcf2066143"}',
  '{"status":"Digest: sha256:1b503bb77079ba644371969e06e1a6a1670bb34c2251107c0fc3a21ef9fdaeca"}',
];

describe('the progress of a pull', () => {
  it('is kept by layer, in the order of their first mention', () => {
    const progress = new PullProgress();
    LINES.slice(0, 4).forEach((line) => progress.take(line));
    expect(progress.now()).toEqual({
      status: 'Pulling from library/redis',
      layers: [
        { id: '4abcf2066143', status: 'Downloading', current: 32768, total: 3408729 },
        { id: '1dc4a7b4cb67', status: 'Pulling fs layer', current: null, total: null },
      ],
      more: 0,
    });
    LINES.slice(4).forEach((line) => progress.take(line));
    expect(progress.now().layers[0]).toEqual({
      id: '4abcf2066143',
      status: 'Pull complete',
      current: null,
      total: null,
    });
    expect(progress.now().status).toMatch(/^Digest: /);
  });

  it('ends with the engine’s words', () => {
    const line =
      '{"errorDetail":{"message":"manifest for redis:nosuch not found"},"error":"manifest for redis:nosuch"}';
    expect(() => new PullProgress().take(line)).toThrow('manifest for redis:nosuch not found');
  });

  it('stands anything, and keeps a bounded part of it', () => {
    const progress = new PullProgress();
    for (const line of ['', 'null', '[]', '{', '7', '{"id":7,"status":{}}', '{"id":"__proto__","status":"x"}']) {
      progress.take(line);
    }
    for (let n = 0; n < 10_000; n++) {
      progress.take(JSON.stringify({ id: n.toString(16).padStart(12, '0'), status: 'x'.repeat(10_000) }));
    }
    const { layers, more } = progress.now();
    expect(layers.length).toBe(256);
    expect(more).toBeGreaterThan(0);
    expect(JSON.stringify(progress.now()).length).toBeLessThan(200_000);
  });
});

it.each([
  ['redis', 'redis', 'latest'],
  ['redis:alpine', 'redis', 'alpine'],
  ['localhost:5000/redis', 'localhost:5000/redis', 'latest'],
  ['localhost:5000/redis:7', 'localhost:5000/redis', '7'],
  ['redis:7@sha256:abc', 'redis:7', 'sha256:abc'],
])('asks for one tag of %s', (image, fromImage, tag) => {
  expect(imageSource(image)).toEqual({ fromImage, tag });
});

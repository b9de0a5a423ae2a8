import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeUnixDiag, unixDiagRequest } from '../../../electron/host/read/unix-peers.ts';

/** A message as the kernel writes it: struct nlmsghdr, struct unix_diag_msg, and attributes of four bytes. */
const message = (type: number, inode: number, attributes: readonly [type: number, value: number][] = []): Buffer => {
  const bytes = Buffer.alloc(32 + 8 * attributes.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt32LE(inode, 20);
  attributes.forEach(([kind, value], at) => {
    bytes.writeUInt16LE(8, 32 + 8 * at);
    bytes.writeUInt16LE(kind, 34 + 8 * at);
    bytes.writeUInt32LE(value, 36 + 8 * at);
  });
  return bytes;
};
const [SOCKET, DONE, ERROR] = [20, 3, 2];
const [SHUTDOWN, PEER] = [6, 2];

describe('what the kernel answers about unix sockets', () => {
  it('names peers by inode, and nothing where there is none', () => {
    const peers = new Map<number, number>();
    const answer = Buffer.concat([message(SOCKET, 7, [[SHUTDOWN, 0], [PEER, 8]]), message(SOCKET, 9), message(SOCKET, 8, [[PEER, 7]])]); // prettier-ignore
    expect(takeUnixDiag(answer, peers)).toBe('more');
    expect(takeUnixDiag(Buffer.concat([message(SOCKET, 11, [[PEER, 0]]), message(DONE, 0)]), peers)).toBe('done');
    expect([...peers]).toEqual([
      [7, 8],
      [8, 7],
    ]);
  });

  it('is failed where it says so, or is cut short', () => {
    expect(takeUnixDiag(message(ERROR, 0), new Map())).toBe('failed');
    expect(takeUnixDiag(message(SOCKET, 7, [[PEER, 8]]).subarray(0, 36), new Map())).toBe('failed');
  });

  it('comes to an end whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['more', 'done', 'failed']).toContain(takeUnixDiag(Buffer.from(bytes), new Map()));
      }),
      { numRuns: 10_000 },
    );
  });

  it('is asked for by one request for every socket with its peer', () => {
    const request = unixDiagRequest();
    expect([request.length, request.readUInt32LE(0), request.readUInt16LE(4)]).toEqual([40, 40, 20]);
    expect([request[16], request.readUInt32LE(20), request.readUInt32LE(28)]).toEqual([1, 0xffffffff, 4]);
  });
});

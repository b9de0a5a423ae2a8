/** The other ends of connected unix sockets, which no file tells: asked of the kernel as ss(8) does, man 7 sock_diag. */
import { createRequire } from 'node:module';

/** include/linux/socket.h, include/uapi/linux/netlink.h, sock_diag.h, unix_diag.h: the same on every architecture Node runs on. */
const AF_UNIX = 1;
const AF_NETLINK = 16;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST_DUMP = 0x301;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const UDIAG_SHOW_PEER = 4;
const UNIX_DIAG_PEER = 2;
const MSG_DONTWAIT = 0x40;
/** struct nlmsghdr, struct unix_diag_req, struct unix_diag_msg. */
const HEADER_BYTES = 16;
const REQUEST_BYTES = 24;
const MESSAGE_BYTES = 16;
/** The kernel answers in pieces of 32 KiB at most; NLMSG_GOODSIZE and netlink_dump in net/netlink/af_netlink.c. */
const ANSWER_BYTES = 64 * 1024;

interface Netlink {
  socket(): number;
  send(fd: number, bytes: Buffer): number;
  receive(fd: number, into: Buffer): number;
  close(fd: number): void;
}
let loaded: Netlink | null | undefined;

const load = (): Netlink | null => {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    type Call<Args extends readonly unknown[]> = (...args: Args) => number;
    const socket: Call<[number, number, number]> = libc.func('int socket(int, int, int)');
    const send: Call<[number, Buffer, number, number]> = libc.func('long send(int, const void *, size_t, int)');
    const receive: Call<[number, Buffer, number, number]> = libc.func('long recv(int, void *, size_t, int)');
    const close: Call<[number]> = libc.func('int close(int)');
    const SOCK_RAW_CLOEXEC = 0o2000003;
    return {
      socket: () => socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG),
      send: (fd, bytes) => send(fd, bytes, bytes.length, 0),
      // The kernel has answered when the call returns; never wait for what does not come.
      receive: (fd, into) => receive(fd, into, into.length, MSG_DONTWAIT),
      close: (fd) => void close(fd),
    };
  } catch {
    return null;
  }
};

/**
 * By inode the inode of the peer, of every connected unix socket in the reader's own network namespace; to others a request
 * would have to be made from inside. `null` where it cannot be asked: no native part, a kernel without CONFIG_UNIX_DIAG.
 */
export const unixPeers = (): ReadonlyMap<number, number> | null => {
  if (loaded === undefined) loaded = load();
  const netlink = loaded;
  if (netlink === null) return null;
  const fd = netlink.socket();
  if (fd < 0) return null;
  try {
    const request = unixDiagRequest();
    if (netlink.send(fd, request) !== request.length) return null;
    const peers = new Map<number, number>();
    const answer = Buffer.allocUnsafeSlow(ANSWER_BYTES);
    for (;;) {
      const length = netlink.receive(fd, answer);
      if (length <= 0) return null;
      const end = takeUnixDiag(answer.subarray(0, length), peers);
      if (end !== 'more') return end === 'done' ? peers : null;
    }
  } finally {
    netlink.close(fd);
  }
};

export const unixDiagRequest = (): Buffer => {
  const request = Buffer.alloc(HEADER_BYTES + REQUEST_BYTES);
  const words = new Uint32Array(request.buffer, request.byteOffset, request.length / 4);
  const halves = new Uint16Array(request.buffer, request.byteOffset, request.length / 2);
  words[0] = request.length;
  halves[2] = SOCK_DIAG_BY_FAMILY;
  halves[3] = NLM_F_REQUEST_DUMP;
  request[HEADER_BYTES] = AF_UNIX;
  // In every state, whatever the inode, with the peer; no cookie.
  words[5] = 0xffffffff;
  words[7] = UDIAG_SHOW_PEER;
  words[8] = 0xffffffff;
  words[9] = 0xffffffff;
  return request;
};

/** One answer: its sockets are added to `peers`. `done` at the end of all, `failed` where the kernel says no. */
export const takeUnixDiag = (answer: Buffer, peers: Map<number, number>): 'more' | 'done' | 'failed' => {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  const native = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  for (let at = 0; at + HEADER_BYTES <= answer.length;) {
    const length = view.getUint32(at, native);
    const type = view.getUint16(at + 4, native);
    if (type === NLMSG_DONE) return 'done';
    if (type === NLMSG_ERROR || length < HEADER_BYTES || at + length > answer.length) return 'failed';
    if (type === SOCK_DIAG_BY_FAMILY && length >= HEADER_BYTES + MESSAGE_BYTES) {
      const inode = view.getUint32(at + HEADER_BYTES + 4, native);
      for (let attribute = at + HEADER_BYTES + MESSAGE_BYTES; attribute + 8 <= at + length;) {
        const size = view.getUint16(attribute, native);
        if (size < 4) break;
        const peer =
          view.getUint16(attribute + 2, native) === UNIX_DIAG_PEER ? view.getUint32(attribute + 4, native) : 0;
        if (peer !== 0) peers.set(inode, peer);
        attribute += (size + 3) & ~3;
      }
    }
    at += (length + 3) & ~3;
  }
  return 'more';
};

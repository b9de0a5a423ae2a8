/** ioctl(2), which Node has not: through koffi, a package with a prebuilt native part. */
import { createRequire } from 'node:module';

export interface Ioctl {
  /** The call's result, or its errno as a negative number. `out` is memory for the kernel to write to. */
  call(fd: number, request: number, out?: Uint32Array): number;
  /** For descriptors that a call made: Node warns of those it did not open itself. */
  close(fd: number): void;
}

type Native = (fd: number, request: number, out: Uint32Array | null) => number;

let loaded: Ioctl | null | undefined;

/** `null` where the native part cannot be loaded: then what needs ioctl is `unknown`, and the rest works. */
export const loadIoctl = (): Ioctl | null => {
  if (loaded === undefined) loaded = load();
  return loaded;
};

const load = (): Ioctl | null => {
  try {
    // Asked for only when needed, for it takes 20 ms; and a `require`, for a missing package must be no end of ours.
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    const native: Native = libc.func('int ioctl(int, unsigned long, void *)');
    const close: (fd: number) => number = libc.func('int close(int)');
    return {
      call(fd, request, out) {
        const result = native(fd, request, out ?? null);
        return result >= 0 ? result : -koffi.errno();
      },
      close: (fd) => void close(fd),
    };
  } catch {
    return null;
  }
};

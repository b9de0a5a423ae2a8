/** Filters that no person wrote: any bytes, programs that the kernel would take, and such as libseccomp makes. */
import fc from 'fast-check';
import type { BpfInstruction, BpfProgram } from '../../../shared/bpf.ts';
import type { SeccompWords } from './bpf-run.ts';

const RETURNS = [0x7fff0000, 0x7ffc0000, 0x7ff00001, 0x7fc00000, 0x00050001, 0x00050026, 0x00030000, 0, 0x80000000, 0x12340000]; // prettier-ignore
/** Values that tests and arguments are both made of, so that they meet. */
const small = fc.constantFrom(0, 1, 2, 8, 40, 59, 0x7fffffff, 0x80000000, 0xffffffff, 0x7e020000, 0x40000000, 0xc000003e); // prettier-ignore
const any32 = fc.oneof({ weight: 3, arbitrary: small }, fc.integer({ min: 0, max: 0xffffffff }));

export const anyBytes = fc.uint8Array({ maxLength: 8 * 60 });

const offset = fc.integer({ min: 0, max: 15 }).map((word) => word * 4);
const slot = fc.integer({ min: 0, max: 3 });
const distance = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 255 }));

const pick = (codes: readonly number[], k: fc.Arbitrary<number>): fc.Arbitrary<BpfInstruction> =>
  fc.tuple(fc.constantFrom(...codes), fc.constant(0), fc.constant(0), k) as fc.Arbitrary<BpfInstruction>;

/** Mostly what seccomp_check_filter() lets pass; jumps may lead too far. */
const instruction: fc.Arbitrary<BpfInstruction> = fc.oneof(
  { weight: 6, arbitrary: pick([0x20], offset) },
  { weight: 2, arbitrary: pick([0x00, 0x01], any32) },
  { weight: 1, arbitrary: pick([0x80, 0x81, 0x07, 0x87, 0x84], fc.constant(0)) },
  { weight: 2, arbitrary: pick([0x02, 0x03, 0x60, 0x61], slot) },
  { weight: 3, arbitrary: pick([0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0xa4], any32) },
  { weight: 1, arbitrary: pick([0x64, 0x74], fc.integer({ min: 0, max: 31 })) },
  { weight: 2, arbitrary: pick([0x0c, 0x1c, 0x2c, 0x3c, 0x4c, 0x5c, 0x6c, 0x7c, 0xac], fc.constant(0)) },
  { weight: 1, arbitrary: pick([0x05], fc.integer({ min: 0, max: 3 })) },
  {
    weight: 8,
    arbitrary: fc.tuple(
      fc.constantFrom(0x15, 0x25, 0x35, 0x45, 0x1d, 0x2d, 0x3d, 0x4d),
      distance,
      distance,
      any32,
    ) as fc.Arbitrary<BpfInstruction>,
  },
  { weight: 2, arbitrary: pick([0x06], fc.constantFrom(...RETURNS)) },
  { weight: 1, arbitrary: pick([0x16], fc.constant(0)) },
);

/** Ends in a return, so that most jumps lead to one. */
export const anyProgram: fc.Arbitrary<BpfProgram> = fc
  .tuple(fc.array(instruction, { minLength: 1, maxLength: 40 }), fc.constantFrom(...RETURNS))
  .map(([body, last]) => [...body, [0x06, 0, 0, last] as const]);

/** struct seccomp_data for a call of x86_64. */
export const anyCall: fc.Arbitrary<SeccompWords> = fc
  .tuple(fc.constantFrom(0, 1, 56, 59, 135, 500, 0x4000003b), fc.array(any32, { minLength: 14, maxLength: 14 }))
  .map(([number, rest]) => [number, 0xc000003e, ...rest]);

/** A jump over `body` unless the number is this one: how libseccomp lays out a rule with conditions on an argument. */
export const rule = (number: number, body: BpfProgram): BpfProgram => [
  [0x20, 0, 0, 0],
  [0x15, 0, body.length, number],
  ...body,
];

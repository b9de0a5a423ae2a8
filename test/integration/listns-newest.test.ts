/** The kernel's own list of namespaces on a kernel that has it: the newest that Debian has, booted in the guest. */
import { beforeAll, describe, expect, it } from 'vitest';
import { guestUnavailable, runGuest } from '../guest/guest.ts';
import { newestKernel } from '../guest/newest-kernel.ts';
import type { Listed } from '../guest/report.ts';

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n')[0]!;
const unavailable = await guestUnavailable();
const { image, reason } = await (unavailable === null ? newestKernel() : Promise.reject(new Error(unavailable))).then(
  (image) => ({ image, reason: null }),
  (error: unknown) => ({ image: '', reason: firstLine(error) }),
);

describe.skipIf(reason !== null)(`listns, in a guest${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let found: Listed;
  beforeAll(async () => {
    found = (await runGuest(['listed'], image)).listed;
  }, 170_000);
  const fact = (name: string) => found.found.find(({ id }) => id === found.made[name]);

  it('names exactly the namespaces that are found, each opened by its number', () => {
    expect(found.listed).not.toBeNull();
    expect([...found.listed!].sort()).toEqual(found.found.map(({ id }) => id).sort());
  });

  it('is needed for none that a path, an open file or a namespace below holds', () => {
    expect(fact('bound')).toMatchObject({ binds: [{ path: '/run/bound' }] });
    expect(fact('opened')?.fds).toMatchObject([{ fd: 9 }]);
    const above = found.found.find(({ id }) => id === fact('inner')?.parent);
    expect(above).toMatchObject({ type: 'user', binds: [], fds: [] });
    for (const one of [fact('bound'), fact('opened'), fact('inner'), above]) expect(one).not.toHaveProperty('listed');
  });

  it('alone tells of one that is on its way between two sockets, and who owns that', () => {
    expect(fact('sent')).toMatchObject({
      listed: true,
      binds: [],
      fds: [],
      owner: fact('bound')?.owner,
      parent: 'none',
    });
  });
});

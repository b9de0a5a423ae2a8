/** Whether one may enter is not a matter of opinion: nsenter tries, as several users, and the kernel answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nsenterAdvice, type NsenterCase } from '../../shared/nsenter-advice.ts';
import { nsenterArgv } from '../../shared/nsenter-argv.ts';
import { NO_NSENTER } from '../../shared/nsenter-presets.ts';
import { reachOf } from '../../shared/nsenter-reach.ts';
import type { NsenterOptions } from '../../shared/nsenter.ts';
import { mayEnter, type MayEnter, type Reader } from '../../shared/may-enter.ts';
import { NAMESPACE_TYPES, type NamespaceFact, type NamespaceId, type NamespaceType } from '../../shared/model.ts';
import type { World } from '../../shared/model.ts';
import { buildCli, portholeJson, run } from './cli-run.ts';

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const reason = await (async () => {
  if (process.getuid?.() !== 0) return 'becoming several users needs root';
  const made = await run([...AS_NOBODY, 'unshare', '--user', 'true']);
  return made.code === 0 ? null : 'users other than root may not make user namespaces here';
})();

/** Each keeps its namespaces until its input ends, and says when it has them. */
const PLACES = {
  root: ['unshare', '--net', '--mount', '--uts', '--ipc', '--cgroup', '--fork', '--pid'],
  /** Nobody's process in root's namespaces: nobody may open them, and still not enter. */
  given: ['unshare', '--net', '--uts', '--mount', ...AS_NOBODY],
  nobody: [...AS_NOBODY, 'unshare', '--user', '--map-root-user', '--net', '--mount', '--uts', '--fork', '--pid'],
  nested: [...AS_NOBODY, 'unshare', '--user', '--map-root-user', 'unshare', '--user', '--net', '--ipc', '--time'],
} as const;

interface Who {
  readonly prefix: readonly string[];
  readonly uid: number;
}
const READERS: Readonly<Record<string, Who>> = {
  root: { prefix: [], uid: 0 },
  nobody: { prefix: AS_NOBODY, uid: 65534 },
  'a third user': { prefix: ['setpriv', '--reuid=65533', '--regid=65533', '--clear-groups'], uid: 65533 },
  'root without CAP_SYS_ADMIN': { prefix: ['setpriv', '--bounding-set=-sys_admin'], uid: 0 },
  'root without CAP_SYS_CHROOT': { prefix: ['setpriv', '--bounding-set=-sys_chroot'], uid: 0 },
};

describe.skipIf(reason !== null)(`may I enter?${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const children: ChildProcess[] = [];
  const pids = new Map<string, number>();
  let world: World;
  let facts: ReadonlyMap<NamespaceId, NamespaceFact>;

  beforeAll(async () => {
    buildCli();
    for (const [name, argv] of Object.entries(PLACES)) {
      const [program, ...args] = argv;
      // The /proc here is the one outside, so this is the pid outside.
      const script = 'read -r pid _ </proc/self/stat; echo $pid; exec cat';
      const child = spawn(program, [...args, 'bash', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      pids.set(name, Number(line));
    }
    world = (await portholeJson(['snapshot'])) as World;
    facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  });
  afterAll(async () => {
    for (const child of children) {
      const closed = once(child, 'close');
      child.stdin?.end();
      await closed;
    }
  });

  const cases = Object.keys(READERS).flatMap((reader) => Object.keys(PLACES).map((place) => [reader, place] as const));
  it.each(cases)('%s into the namespaces of %s: as the kernel says, for every type', async (name, place) => {
    const who = READERS[name]!;
    const reader = await readerAs(who);
    const pid = pids.get(place)!;
    const said: Record<string, boolean | string> = {};
    const happened: Record<string, boolean | string> = {};
    for (const type of NAMESPACE_TYPES) {
      const id = readlinkSync(`/proc/${pid}/ns/${type}`) as NamespaceId;
      const answer = mayEnter(reader, id, facts);
      said[type] = answer.can === 'unknown' ? 'unknown' : answer.can === 'yes';
      happened[type] = await enters(who, pid, type, answer);
    }
    expect(said).toEqual(happened);
  });

  const FORMS: Readonly<Record<string, Partial<NsenterOptions>>> = {
    '--net': { namespaces: ['net'] },
    '--net --uts --ipc': { namespaces: ['net', 'uts', 'ipc'] },
    '--user': { namespaces: ['user'] },
    '--user --net': { namespaces: ['user', 'net'] },
    '--mount': { namespaces: ['mnt'] },
    '--all': { all: true },
  };
  const whole = Object.keys(READERS).flatMap((reader) =>
    Object.keys(PLACES).flatMap((place) => Object.keys(FORMS).map((form) => [reader, form, place] as const)),
  );
  it.each(whole)(
    '%s with %s into %s: an error is foretold where nsenter has one, and what mends it mends it',
    async (name, form, place) => {
      const who = READERS[name]!;
      const pid = pids.get(place)!;
      const member = world.processes.find((process) => process.pid === pid)!;
      const at: NsenterCase = {
        support: null,
        target: member.namespaces,
        own: world.processes.find((process) => process.pid === world.host.pid)!.namespaces,
        gone: false,
        joining: null,
        innerPid: null,
        groupsClosed: false,
        look: () => null,
        ...reachOf(world, await readerAs(who)),
      };
      let options: NsenterOptions = {
        ...NO_NSENTER,
        target: member.key,
        preserveCredentials: true,
        program: ['true'],
        ...FORMS[form],
      };
      for (let step = 0; ; step++) {
        const errors = nsenterAdvice(options, at).filter(({ level }) => level === 'error');
        const { code, stderr } = await run([...who.prefix, ...nsenterArgv(options)]);
        expect([code === 0, stderr]).toEqual([
          errors.length === 0,
          errors.length === 0 ? '' : expect.stringMatching(/nsenter/),
        ]);
        const fix = errors.find((error) => error.fix !== null)?.fix;
        if (!fix) break;
        options = { ...options, ...fix };
        expect(step).toBeLessThan(NAMESPACE_TYPES.length);
      }
    },
  );

  it('gives both answers in these cases, and says by whose right', async () => {
    const nobody = await readerAs(READERS['nobody']!);
    const net = (place: string) => readlinkSync(`/proc/${pids.get(place)}/ns/net`) as NamespaceId;
    const own = readlinkSync('/proc/self/ns/user') as NamespaceId;
    expect(mayEnter(nobody, net('given'), facts)).toEqual({
      can: 'no',
      why: 'missing',
      missing: [{ capability: 'CAP_SYS_ADMIN', over: own }],
    });
    const made = readlinkSync(`/proc/${pids.get('nobody')}/ns/user`) as NamespaceId;
    expect(mayEnter(nobody, net('nobody'), facts)).toMatchObject({ can: 'yes', via: made, power: { by: 'creator' } });
    expect(mayEnter(nobody, net('nested'), facts)).toMatchObject({ can: 'yes', power: { by: 'creator' } });
  });
});

const readerAs = async ({ prefix, uid }: Who): Promise<Reader> => {
  const { stdout } = await run([...prefix, 'grep', '^CapEff:', '/proc/self/status']);
  const link = (type: NamespaceType) => readlinkSync(`/proc/self/ns/${type}`) as NamespaceId;
  return { uid, capEff: stdout.split(/\s+/)[1] ?? '', user: link('user'), pid: link('pid') };
};

/** Straight, or through the user namespace that the answer names. */
const enters = async ({ prefix }: Who, pid: number, type: NamespaceType, answer: MayEnter): Promise<boolean> => {
  const via = answer.can === 'yes' && answer.via !== null ? [`--user=/proc/${pid}/ns/user`] : [];
  const option = {
    mnt: 'mount',
    uts: 'uts',
    ipc: 'ipc',
    net: 'net',
    pid: 'pid',
    user: 'user',
    cgroup: 'cgroup',
    time: 'time',
  };
  const argv = ['nsenter', '--preserve-credentials', ...via, `--${option[type]}=/proc/${pid}/ns/${type}`, 'true'];
  return (await run([...prefix, ...argv])).code === 0;
};

/** One look after another at the whole machine. */
import type {
  Ages,
  Container,
  EngineState,
  HostInfo,
  NamespaceFact,
  Process,
  ProcessDetail,
  ProcessKey,
  World,
} from '../../../shared/model.ts';
import { byId } from '../../../shared/delta.ts';
import { keep, keepRows } from '../../../shared/same.ts';
import { parseSchedstatRunNanos, parseUptime } from '../parse/system.ts';
import type { Kernel } from '../read/kernel.ts';
import { joinContainers, type EngineContainer } from './containers.ts';
import { readDetail } from './detail.ts';
import { Freezers } from './freezers.ts';
import { readHost, readUsers } from './host.ts';
import { Namespaces } from './namespaces.ts';
import { tasksUnseen } from './proc-hides.ts';
import { Processes } from './processes.ts';
import { summarise } from './unread.ts';
import { UserMaps } from './user-maps.ts';

/** The machine's name, its users and its mounts change by an administrator's hand: seldom. */
const HOST_EVERY_LOOKS = 10;

type Joined = ReturnType<typeof joinContainers>;

export class Collector {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #namespaces: Namespaces;
  readonly #userMaps: UserMaps;
  readonly #freezers: Freezers;
  #users: ReadonlyMap<number, string> = new Map();
  #host: HostInfo | null = null;
  #world: World | null = null;
  #shown = new Map<ProcessKey, { readonly bare: Process; readonly row: Process }>();
  #joined: { rows: readonly Process[]; containers: readonly EngineContainer[]; answer: Joined } | null = null;
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#processes = new Processes(kernel);
    this.#namespaces = new Namespaces(kernel);
    this.#userMaps = new UserMaps(kernel);
    this.#freezers = new Freezers(kernel);
  }

  /** Parts that say the same as at the last look are the same objects. */
  collect(engines: readonly EngineState[], containers: readonly EngineContainer[]): World {
    const startedAt = performance.now();
    const cpuAtStart = this.#cpuMillis();
    const takenAt = Date.now();
    const uptime = this.#kernel.text('/proc/uptime');
    const host = this.#lookAtHost();
    const { rows, hidden } = this.#processes.look(host.pageBytes, this.#users, startedAt);
    const joined = this.#join(rows, containers);
    const processes = this.#whole(rows, joined.of, this.#freezers.look(rows));
    const bare = this.#namespaces.look(processes, (pid) => this.#processes.quietSince(pid), startedAt);
    const namespaces: readonly NamespaceFact[] = this.#userMaps.look(processes, bare);
    const old = this.#world;
    const tasks = host.procHides === undefined ? undefined : tasksUnseen(this.#kernel, rows);
    this.#looks++;
    const world: World = {
      takenAt,
      uptimeSeconds: uptime.ok ? parseUptime(uptime.value) : (takenAt - host.bootedAt) / 1000,
      scanMillis: performance.now() - startedAt,
      scanCpuMillis: Math.max(0, this.#cpuMillis() - cpuAtStart),
      ages: this.#ages(startedAt),
      host,
      processes,
      namespaces,
      containers: keepRows<Container>(old?.containers ?? [], [...joined.containers].sort(byId), (row) => row.id),
      engines: keepRows(old?.engines ?? [], [...engines].sort(byId), (row) => row.id),
      unread: keep(old?.unread, summarise(processes, hidden, tasks)),
    };
    this.#world = world;
    return world;
  }

  /** At the next look nothing that may hold a namespace waits for its turn. */
  lookAnew(): void {
    this.#namespaces.anew();
  }

  /** Lets go of what it holds open. */
  close(): void {
    this.#processes.forget();
    this.#freezers.forget();
  }

  /** Everything about one process, read now. Throws {@link PortholeError} `not-found` if it ended. */
  detail(key: ProcessKey): ProcessDetail {
    return readDetail(this.#kernel, key, this.hostInfo(), this.#users);
  }

  /** The last look; `null` before the first. */
  get world(): World | null {
    return this.#world;
  }

  /** As of the last look, or read now if there was none. */
  hostInfo(): HostInfo {
    return this.#host ?? this.#lookAtHost();
  }

  #lookAtHost(): HostInfo {
    if (this.#host === null || this.#looks % HOST_EVERY_LOOKS === 0) {
      const users = readUsers(this.#kernel);
      const unchanged =
        users.size === this.#users.size && [...users].every(([id, name]) => this.#users.get(id) === name);
      if (!unchanged) {
        this.#users = users;
        this.#processes.forget();
      }
      this.#host = keep(this.#host ?? undefined, readHost(this.#kernel, users));
    }
    return this.#host;
  }

  #ages(now: number): Ages {
    const ages = { ...this.#processes.ages(now), ...this.#namespaces.ages(now) };
    // They travel with every look: to a tenth of a second.
    const short = (millis: number) => Math.round(millis / 100) * 100;
    return {
      cgroups: short(ages.cgroups),
      rest: short(ages.rest),
      binds: short(ages.binds),
      fds: short(ages.fds),
      threads: short(ages.threads),
    };
  }

  /** Who is in which container follows from a few fields that seldom change; then the last answer stands. */
  #join(rows: readonly Process[], containers: readonly EngineContainer[]): Joined {
    const old = this.#joined;
    const same = (row: Process, i: number): boolean => {
      const before = old?.rows[i];
      if (row === before) return true;
      return (
        row.key === before?.key &&
        row.ppid === before.ppid &&
        row.cgroups === before.cgroups &&
        row.namespaces === before.namespaces &&
        row.nspid.length === before.nspid.length &&
        row.nspid.every((pid, level) => pid === before.nspid[level])
      );
    };
    if (old?.containers === containers && old.rows.length === rows.length && rows.every(same)) return old.answer;
    const answer = joinContainers(rows, containers);
    this.#joined = { rows, containers, answer };
    return answer;
  }

  /** The rows with their containers, and with what their cgroups do to them. */
  #whole(
    rows: readonly Process[],
    of: ReadonlyMap<ProcessKey, string>,
    frozen: readonly Process['frozen'][],
  ): readonly Process[] {
    const shown = new Map<ProcessKey, { readonly bare: Process; readonly row: Process }>();
    const processes = rows.map((bare, index) => {
      const container = of.get(bare.key) ?? null;
      const state = frozen[index] ?? null;
      const old = this.#shown.get(bare.key);
      const entry =
        old?.bare === bare && old.row.container === container && old.row.frozen === state
          ? old
          : { bare, row: container === null && state === null ? bare : { ...bare, container, frozen: state } };
      shown.set(bare.key, entry);
      return entry.row;
    });
    this.#shown = shown;
    const old = this.#world?.processes;
    return old?.length === processes.length && processes.every((row, i) => row === old[i]) ? old : processes;
  }

  /** Of this thread, the first number of its schedstat, and of those that read for it; of the whole program without that. */
  #cpuMillis(): number {
    const schedstat = this.#kernel.text('/proc/thread-self/schedstat');
    if (schedstat.ok) return parseSchedstatRunNanos(schedstat.value) / 1e6 + (this.#kernel.cpuMillisBeside?.() ?? 0);
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

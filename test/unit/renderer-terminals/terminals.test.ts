import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Terminals, type TerminalClient, type TerminalSink } from '../../../renderer/store/terminals.svelte.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { FLOW, type TerminalInfo } from '../../../shared/terminal.ts';
import { NO_UNSHARE } from '../../../shared/unshare-presets.ts';

const terminal = (id: string, more: Partial<TerminalInfo> = {}): TerminalInfo => ({
  id,
  title: `bash · ${id}`,
  how: 'unshare',
  argv: ['unshare', 'bash'],
  pid: 7,
  inside: null,
  before: { mnt: null, uts: null, ipc: null, net: null, pid: null, user: null, cgroup: null, time: null },
  cols: 80,
  rows: 24,
  startedAt: 0,
  ended: null,
  ...more,
});

/** A host's end that keeps the list and notes what it was asked. */
class FakeHost {
  list: TerminalInfo[];
  readonly calls: string[] = [];
  readonly acknowledged: number[] = [];
  readonly typed: string[] = [];
  refuses: PortholeError | null = null;
  readonly #listeners = new Map<string, (told: unknown) => void>();
  readonly #out = new Map<string, (bytes: Uint8Array) => void>();

  constructor(...ids: string[]) {
    this.list = ids.map((id) => terminal(id));
  }

  readonly client = {
    call: (method: string, args: { terminal?: string }) => {
      this.calls.push(args.terminal === undefined ? method : `${method} ${args.terminal}`);
      if (this.refuses !== null && method !== 'terminal.list') return Promise.reject(this.refuses);
      return Promise.resolve(this.#answer(method, args.terminal));
    },
    on: (name: string, listener: (told: never) => void) => {
      this.#listeners.set(name, listener as (told: unknown) => void);
      return () => this.#listeners.delete(name);
    },
    onTerminal: (id: string, listener: (bytes: Uint8Array) => void) => {
      this.#out.set(id, listener);
      return () => this.#out.delete(id);
    },
    terminalInput: (_id: string, bytes: Uint8Array) => void this.typed.push(new TextDecoder().decode(bytes)),
    onTook: () => () => {},
    terminalDrawn: (_id: string, bytes: number) => void this.acknowledged.push(bytes),
  } as unknown as TerminalClient;

  #answer(method: string, id: string | undefined): unknown {
    if (method === 'terminal.list') return this.list;
    if (method === 'terminal.unshare' || method === 'terminal.shell') return terminal('new');
    if (method === 'terminal.restart') return terminal(`${id}-again`);
    return null;
  }

  tell(...told: (string | TerminalInfo)[]): void {
    this.event('terminals', told.map((each) => (typeof each === 'string' ? terminal(each) : each))); // prettier-ignore
  }

  event(name: string, told: unknown): void {
    this.#listeners.get(name)?.(told);
  }

  output(id: string, bytes: number): void {
    this.#out.get(id)?.(new Uint8Array(bytes));
  }
}

class Paper implements TerminalSink {
  resets = 0;
  bytes = 0;
  clears = 0;
  undrawn: (() => void)[] = [];

  reset(): void {
    this.resets++;
    this.bytes = 0;
  }

  clear(): void {
    this.clears++;
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.bytes += bytes.length;
    this.undrawn.push(drawn);
  }

  draw(): void {
    for (const drawn of this.undrawn.splice(0)) drawn();
  }
}

const connected = async (host: FakeHost, terminals = new Terminals()) => {
  const lost = terminals.connected(host.client);
  await vi.advanceTimersByTimeAsync(0);
  return { terminals, lost };
};
const options = { ...NO_UNSHARE, program: [] };

describe('Terminals', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('looks at the last of what it finds, and at the remembered one if it is still there', async () => {
    const { terminals } = await connected(new FakeHost('a', 'b'));
    expect(terminals.active).toBe('b');
    const storage = { getItem: () => JSON.stringify({ open: true, active: 'a' }), setItem: () => {} };
    const again = await connected(new FakeHost('a', 'b'), new Terminals(storage));
    expect(again.terminals.active).toBe('a');
    expect(again.terminals.open).toBe(true);
  });

  it('starts one, opens the dock at it and asks for the keyboard, whichever comes first: answer or event', async () => {
    const host = new FakeHost('a');
    const { terminals } = await connected(host);
    await terminals.start(options);
    expect(terminals.list.map(({ id }) => id)).toEqual(['a', 'new']);
    expect(terminals.current?.id).toBe('new');
    expect(terminals.open).toBe(true);
    expect(terminals.focusAsked).toBe(1);
    host.tell('a', 'new');
    expect(terminals.list).toHaveLength(2);
  });

  it('leaves a refused start to whoever asked', async () => {
    const host = new FakeHost();
    const { terminals } = await connected(host);
    host.refuses = new PortholeError('denied', 'unshare: Operation not permitted');
    await expect(terminals.start(options)).rejects.toThrow('Operation not permitted');
    expect(terminals.open).toBe(false);
  });

  it('puts a restarted terminal in the place of the ended one', async () => {
    const { terminals } = await connected(new FakeHost('a', 'b', 'c'));
    await terminals.restart('b');
    expect(terminals.list.map(({ id }) => id)).toEqual(['a', 'b-again', 'c']);
    expect(terminals.active).toBe('b-again');
  });

  it('goes to the neighbour when the one looked at is closed, and to none after the last', async () => {
    const { terminals } = await connected(new FakeHost('a', 'b', 'c'));
    terminals.take('b');
    await terminals.close('b');
    expect(terminals.active).toBe('c');
    await terminals.close('c');
    expect(terminals.active).toBe('a');
    await terminals.close('a');
    expect(terminals.active).toBeNull();
  });

  it('says why something did not happen', async () => {
    const host = new FakeHost('a');
    const { terminals, lost } = await connected(host);
    host.refuses = new PortholeError('failed', 'it would not');
    await terminals.close('a');
    expect(terminals.problem).toBe('it would not');
    expect(terminals.list).toHaveLength(1);
    lost();
    await terminals.rename('a', 'x');
    expect(terminals.problem).toBe('There is no connection to the host.');
  });

  it('acknowledges what is drawn, not what arrived', async () => {
    const host = new FakeHost('a');
    const { terminals } = await connected(host);
    const paper = new Paper();
    terminals.follow('a', paper);
    await vi.advanceTimersByTimeAsync(0);
    host.output('a', FLOW.high);
    expect(paper.bytes).toBe(FLOW.high);
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.acknowledged).toEqual([]);
    paper.draw();
    expect(host.acknowledged).toEqual([FLOW.high]);
  });

  it('does not follow what nobody looks at, nor a flood behind another tab, and starts over when it is shown', async () => {
    const host = new FakeHost('a');
    const { terminals } = await connected(host);
    const paper = new Paper();
    const attached = () => host.calls.filter((call) => call === 'terminal.attach a').length;
    terminals.see('a', false);
    terminals.follow('a', paper);
    expect(attached()).toBe(0);
    terminals.see('a', true);
    await vi.advanceTimersByTimeAsync(0);
    expect(attached()).toBe(1);
    host.output('a', 2_000_000);
    terminals.see('a', false);
    host.output('a', 100_000);
    expect(paper.bytes).toBe(2_100_000);
    host.output('a', 500_000);
    expect(host.calls.at(-1)).toBe('terminal.detach a');
    expect(paper.bytes).toBe(2_100_000);
    terminals.see('a', true);
    host.output('a', 7);
    expect(paper.bytes).toBe(0);
    await vi.advanceTimersByTimeAsync(0);
    host.output('a', 11);
    expect({ attached: attached(), bytes: paper.bytes }).toEqual({ attached: 2, bytes: 11 });
  });

  it('owes nothing for what nobody sees, and lets go of a flood while the page itself is out of sight', async () => {
    const host = new FakeHost('a', 'b');
    const { terminals } = await connected(host);
    const paper = new Paper();
    terminals.follow('a', paper);
    terminals.see('b', false);
    terminals.follow('b', new Paper());
    await vi.advanceTimersByTimeAsync(0);
    terminals.away(true);
    host.output('a', FLOW.high);
    // The browser gives no time for drawing.
    expect(host.acknowledged).toEqual([FLOW.high]);
    host.output('a', 500_000);
    expect(host.calls.at(-1)).toBe('terminal.detach a');
    paper.draw();
    terminals.away(false);
    expect(host.calls.filter((call) => call.startsWith('terminal.attach'))).toEqual(['terminal.attach a', 'terminal.attach a']); // prettier-ignore
    await vi.advanceTimersByTimeAsync(0);
    host.output('a', FLOW.high);
    expect(host.acknowledged).toEqual([FLOW.high]);
    paper.draw();
    expect(host.acknowledged).toEqual([FLOW.high, FLOW.high]);
  });

  it('keeps what was drawn of a few out of sight; the others are drawn anew when they are shown', async () => {
    const ids = Array.from({ length: 11 }, (_, at) => `t${at}`);
    const host = new FakeHost(...ids);
    const { terminals, lost } = await connected(host);
    const papers = new Map(ids.map((id) => [id, new Paper()]));
    for (const id of ids) terminals.follow(id, papers.get(id)!);
    await vi.advanceTimersByTimeAsync(0);
    for (const id of ids) host.output(id, 10);
    for (const id of ids.slice(0, 10)) terminals.see(id, false);
    const empty = () => ids.filter((id) => papers.get(id)!.bytes === 0);
    expect(empty()).toEqual(['t0', 't1']);
    expect(host.calls.filter((call) => call.startsWith('terminal.detach'))).toEqual(['terminal.detach t0', 'terminal.detach t1']); // prettier-ignore
    terminals.see('t0', true);
    await vi.advanceTimersByTimeAsync(0);
    host.output('t0', 10);
    expect(empty()).toEqual(['t1']);
    // Nobody would draw it again.
    lost();
    terminals.hostGone();
    for (const id of ids) terminals.see(id, false);
    expect(empty()).toEqual(['t1']);
  });

  it('begins anew where the host has left it behind, at once if it is looked at, else when it is', async () => {
    const host = new FakeHost('a');
    const { terminals } = await connected(host);
    const paper = new Paper();
    const attached = () => host.calls.filter((call) => call === 'terminal.attach a').length;
    terminals.follow('a', paper);
    await vi.advanceTimersByTimeAsync(0);
    host.output('a', 10);
    host.event('terminalLeftBehind', { terminal: 'a' });
    expect([attached(), paper.resets]).toEqual([2, 2]);
    await vi.advanceTimersByTimeAsync(0);
    terminals.see('a', false);
    host.event('terminalLeftBehind', { terminal: 'a' });
    expect(attached()).toBe(2);
    terminals.see('a', true);
    expect(attached()).toBe(3);
  });

  it('starts every screen over with a new connection, and owes the new host nothing for old bytes', async () => {
    const first = new FakeHost('a');
    const { terminals, lost } = await connected(first);
    const paper = new Paper();
    terminals.follow('a', paper);
    first.output('a', 100);
    lost();
    const second = new FakeHost('a');
    await connected(second, terminals);
    expect(second.calls).toContain('terminal.attach a');
    expect(paper).toMatchObject({ resets: 2, bytes: 0 });
    second.output('a', 40);
    paper.draw();
    await vi.advanceTimersByTimeAsync(1000);
    expect(first.acknowledged).toEqual([]);
    expect(second.acknowledged).toEqual([40]);
  });

  it('keeps what it has of the terminals of a host that is no more, as ended, before those of the next', async () => {
    const first = new FakeHost('a', 'b');
    const { terminals, lost } = await connected(first);
    const paper = new Paper();
    terminals.follow('a', paper);
    await vi.advanceTimersByTimeAsync(0);
    first.output('a', 100);
    terminals.take('a');
    lost();
    terminals.hostGone();
    const second = new FakeHost('c', 'd');
    await connected(second, terminals);
    expect(terminals.list.map(({ id, ended }) => [id, ended?.because ?? null])).toEqual([
      ['a', 'Its host was killed, or ended without closing it.'],
      ['b', 'Its host was killed, or ended without closing it.'],
      ['c', null],
      ['d', null],
    ]);
    expect(terminals.active).toBe('a');
    expect(paper).toMatchObject({ resets: 1, bytes: 100 });
    second.tell('c', 'd', 'e');
    const move = vi.spyOn(second.client, 'call');
    await terminals.move('c', 3);
    expect(move).toHaveBeenCalledExactlyOnceWith('terminal.move', { terminal: 'c', to: 1 });
    await terminals.close('a');
    await terminals.rename('b', 'x');
    await terminals.clear('b');
    expect(terminals.list.map(({ id }) => id)).toEqual(['b', 'c', 'd', 'e']);
    expect(move).toHaveBeenCalledTimes(1);
    expect([terminals.isGone('b'), terminals.isGone('c')]).toEqual([true, false]);
  });

  it('clears a terminal when the host says so, whoever asked for it', async () => {
    const host = new FakeHost('a', 'b');
    const { terminals, lost } = await connected(host);
    const papers = { a: new Paper(), b: new Paper() };
    for (const [id, paper] of Object.entries(papers)) terminals.follow(id, paper);
    await terminals.clear('a');
    expect(papers.a.clears).toBe(0);
    host.event('terminalCleared', { terminal: 'a' });
    host.event('terminalCleared', { terminal: 'never heard of' });
    lost();
    host.event('terminalCleared', { terminal: 'a' });
    expect([papers.a.clears, papers.b.clears]).toEqual([1, 0]);
  });

  it('follows a terminal that was there before the connection', async () => {
    const terminals = new Terminals();
    const paper = new Paper();
    terminals.follow('a', paper);
    const host = new FakeHost('a');
    await connected(host, terminals);
    host.output('a', 5);
    expect(paper.bytes).toBe(5);
  });

  it('sends keys to a living program only', async () => {
    const host = new FakeHost('a');
    host.list = [terminal('a'), terminal('b', { ended: { at: 1, exitCode: 0, signal: null } })];
    const { terminals } = await connected(host);
    terminals.input('a', new TextEncoder().encode('é'));
    terminals.input('b', new TextEncoder().encode('x'));
    terminals.input('c', new TextEncoder().encode('x'));
    expect(host.typed).toEqual(['é']);
  });

  it('asks for another size only where it is another, and starts the next terminal in it', async () => {
    const host = new FakeHost('a');
    const { terminals } = await connected(host);
    terminals.resize('a', { cols: 80, rows: 24 });
    expect(host.calls).toEqual(['terminal.list']);
    const measured = { cols: 120, rows: 8, colsChanged: true };
    const call = vi.spyOn(host.client, 'call');
    terminals.resize('a', measured);
    expect(call).toHaveBeenCalledWith('terminal.resize', { terminal: 'a', cols: 120, rows: 8 });
    await terminals.start(options);
    expect(call).toHaveBeenCalledWith('terminal.unshare', { options, cols: 120, rows: 8 });
  });

  it('says nothing of the size of one that is closed in the meantime', async () => {
    const host = new FakeHost('a');
    const { terminals } = await connected(host);
    host.refuses = new PortholeError('not-found', 'There is no such terminal (any more).');
    terminals.resize('a', { cols: 90, rows: 30 });
    await vi.advanceTimersByTimeAsync(0);
    expect([terminals.problem, terminals.open]).toEqual([null, false]);
    host.refuses = new PortholeError('failed', 'no');
    terminals.resize('a', { cols: 91, rows: 30 });
    await vi.advanceTimersByTimeAsync(0);
    expect(terminals.problem).toBe('no');
  });

  it('is no longer maximised after it was closed', async () => {
    const { terminals } = await connected(new FakeHost('a'));
    terminals.maximised = true;
    terminals.setOpen(false);
    terminals.setOpen(true);
    expect(terminals.maximised).toBe(false);
  });
});

describe('several in sight', () => {
  const opened = async (...ids: string[]): Promise<{ terminals: Terminals; host: FakeHost; kept: () => Terminals }> => {
    const host = new FakeHost(...ids);
    let memory: string | null = null;
    const storage = { getItem: () => memory, setItem: (_key: string, value: string) => void (memory = value) };
    const terminals = new Terminals(storage);
    terminals.connected(host.client);
    await Promise.resolve();
    return { terminals, host, kept: () => new Terminals(storage) };
  };
  const panes = ({ panes, active }: Terminals): string[] => panes.map(({ id }) => (id === active ? `[${id}]` : id));

  it('a new shell stands beside the active one; a click on either, or its tab, moves the keyboard there', async () => {
    const { terminals, host } = await opened('a');
    await terminals.split();
    expect(host.calls.at(-1)).toBe('terminal.shell');
    expect(panes(terminals)).toEqual(['a', '[new]']);
    terminals.take('a');
    expect(panes(terminals)).toEqual(['[a]', 'new']);
    terminals.turn();
    expect(panes(terminals)).toEqual(['a', '[new]']);
    terminals.turn();
    terminals.show('new');
    expect(panes(terminals)).toEqual(['a', '[new]']);
  });

  it('so does another tab on request, behind the active one, until there is no room', async () => {
    const { terminals } = await opened('a', 'b', 'c', 'd', 'e');
    terminals.take('a');
    for (const id of ['b', 'c']) await terminals.split(id);
    terminals.take('a');
    await terminals.split('d');
    expect(panes(terminals)).toEqual(['a', '[d]', 'b', 'c']);
    await terminals.split('e');
    expect(panes(terminals)).toEqual(['a', '[d]', 'b', 'c']);
    expect(terminals.problem).toBe('There are 4 in sight already.');
    terminals.inSight.alone();
    expect(panes(terminals)).toEqual(['[d]']);
  });

  it('a split that the host refuses changes nothing but to say so', async () => {
    const { terminals, host } = await opened('a');
    host.refuses = new PortholeError('failed', 'There are 64 terminals already. Close one first.');
    await terminals.split();
    expect(panes(terminals)).toEqual(['[a]']);
    expect(terminals.problem).toMatch(/64 terminals/);
  });

  it('another tab takes the place that is worked in', async () => {
    const { terminals } = await opened('a', 'b', 'c');
    terminals.take('a');
    await terminals.split('b');
    terminals.show('c');
    expect(panes(terminals)).toEqual(['a', '[c]']);
    terminals.step(1);
    expect(panes(terminals)).toEqual(['[a]', 'c']);
    terminals.step(-1);
    expect(panes(terminals)).toEqual(['a', '[c]']);
  });

  it('one that is started again keeps its place, whichever comes first: answer or event', async () => {
    const { terminals, host } = await opened('a', 'b');
    terminals.take('a');
    await terminals.split('b');
    terminals.take('b');
    const asked = terminals.restart('a');
    host.tell('a-again', 'b');
    await asked;
    expect(panes(terminals)).toEqual(['[a-again]', 'b']);
    host.list = [];
    await terminals.restart('b');
    expect(panes(terminals)).toEqual(['a-again', '[b-again]']);
  });

  it('stand as they did after a reload: order, shares, direction', async () => {
    const { terminals, host, kept } = await opened('a', 'b');
    terminals.take('b');
    await terminals.split('a');
    terminals.inSight.share([0.3, 0.7]);
    terminals.inSight.stack(true);
    const again = kept();
    again.connected(host.client);
    await Promise.resolve();
    expect(panes(again)).toEqual(['b', '[a]']);
    expect([again.inSight.shares, again.inSight.stacked]).toEqual([[0.3, 0.7], true]);
  });

  it('shows none twice, whatever was remembered', async () => {
    const memory = JSON.stringify({ open: true, active: 'a', sight: ['a', 'a', 'b'] });
    const terminals = new Terminals({ getItem: () => memory, setItem: () => {} });
    terminals.connected(new FakeHost('a', 'b').client);
    await Promise.resolve();
    expect(panes(terminals)).toEqual(['[a]', 'b']);
  });
});

describe('marks of terminals that nobody looks at', () => {
  const signs = (wrote: number, bells = 0) => ({ signs: { said: '', bells, wrote } });

  it('are set by what comes of one behind another tab, and taken away when it is shown', async () => {
    const host = new FakeHost('a', 'b');
    const terminals = new Terminals();
    terminals.connected(host.client);
    await Promise.resolve();
    terminals.follow('a', new Paper());
    await Promise.resolve();
    terminals.see('a', true);
    host.output('a', 5);
    expect(terminals.marks.of('a')).toBeNull();
    terminals.see('a', false);
    host.tell(terminal('a', signs(5, 1)), terminal('b'));
    expect(terminals.marks.of('a')).toBeNull();
    host.output('a', 5);
    expect(terminals.marks.of('a')).toBe('wrote');
    terminals.marks.add('a', 'rang');
    host.output('a', 5);
    expect(terminals.marks.of('a')).toBe('rang');
    terminals.see('a', true);
    expect(terminals.marks.of('a')).toBeNull();
  });

  it('are set by what the host tells of one that this page does not follow, but not by what was before', async () => {
    const host = new FakeHost();
    host.list = [terminal('a', signs(900, 3)), terminal('b', signs(7))];
    const terminals = new Terminals();
    terminals.connected(host.client);
    await Promise.resolve();
    expect([terminals.marks.of('a'), terminals.marks.of('b')]).toEqual([null, null]);
    host.tell(terminal('a', signs(950, 4)), terminal('b', signs(8)));
    expect([terminals.marks.of('a'), terminals.marks.of('b')]).toEqual(['rang', 'wrote']);
    host.tell(terminal('b', signs(8)));
    host.tell(terminal('a', signs(950, 4)), terminal('b', signs(8)));
    expect([terminals.marks.of('a'), terminals.marks.of('b')]).toEqual([null, 'wrote']);
  });
});

import type { Handlers } from '../../shared/contract.ts';
import type { ToHost, ToPage, Transport } from '../../shared/frames.ts';
import type { Audience } from './audience.ts';
import { Acts } from './change/acts.ts';
import type { Changes } from './change/changes.ts';
import { containerUse } from './container-use.ts';
import { parseDiff } from './engines/diff.ts';
import { parseTop } from './engines/top.ts';
import type { Engines } from './engines/engines.ts';
import { probeShells } from './engines/exec.ts';
import type { LogFollowers } from './engines/log-followers.ts';
import { Runs } from './engines/runs.ts';
import type { Sampler } from './sample/sampler.ts';
import { readFilters } from './seccomp/read-filters.ts';
import { readSeccompThreads } from './seccomp/read-threads.ts';
import { nsenterSupport } from './shells/nsenter-support.ts';
import { usersShell } from './shells/environment.ts';
import { pathLooks } from './shells/path-looks.ts';
import type { Terminals } from './shells/terminals.ts';
import { unshareSupport } from './shells/unshare-support.ts';

export interface SessionOptions {
  /** Names this connection to the sampler and the terminals. */
  readonly viewer: string;
  readonly transport: Transport<ToPage, ToHost>;
  readonly version: string;
  /** As in {@link Hello}. */
  readonly instance: string;
  readonly sampler: Sampler;
  readonly engines: Engines;
  readonly terminals: Terminals;
  readonly changes: Changes;
  readonly audience: Audience;
}

/** What a page has of its own. */
export interface OfPage {
  readonly logs: LogFollowers;
}

/** What the host does for each call of one page. Arguments have been checked against the contract. */
export const createHandlers = (options: SessionOptions, { logs }: OfPage): Handlers => {
  const { viewer, transport, version, instance, sampler, engines, terminals, audience, changes } = options;
  const runs = new Runs(engines, (value) => transport.send({ header: { k: 'event', name: 'pull', value } }));
  const acts = new Acts(engines, changes.made);
  const noImages = engines.onImages((engine) =>
    transport.send({ header: { k: 'event', name: 'images', value: { engine } } }),
  );
  transport.onClose(() => {
    runs.close();
    noImages();
  });
  return {
    hello: async () => ({ version, instance, host: await sampler.hostInfo(), shell: usersShell() }),
    'world.watch': () => {
      audience.arrive(viewer);
      sampler.attach(viewer, ({ seq, base, json }) =>
        transport.send({ header: { k: 'world', seq, base }, bytes: json }),
      );
      return null;
    },
    'world.unwatch': () => {
      sampler.detach(viewer);
      audience.leave(viewer);
      return null;
    },
    'process.detail': ({ key }) => sampler.detail(key),
    'seccomp.read': ({ key, tid }) => readFilters(key, tid),
    'seccomp.threads': ({ key }) => readSeccompThreads(key),
    'proc.list': ({ key, path }) => sampler.procList(key, path),
    'proc.read': ({ key, path, offset }) => sampler.procRead(key, path, offset),
    'namespace.inside': (args) => sampler.namespaceInside(args),
    'namespace.anew': () => sampler.namespacesAnew(),
    'cgroup.tree': () => sampler.cgroupTree(),
    'cgroup.detail': ({ path }) => sampler.cgroupDetail(path),
    'engine.retry': ({ engine }) => {
      engines.retry(engine);
      return null;
    },
    'container.inspect': ({ engine, id }) => engines.inspect(engine, id),
    'container.use': (args) => containerUse(sampler, engines, args),
    'container.memory': ({ containers }) => sampler.memoryNow(containers),
    'process.account': (of) => sampler.account(of),
    'process.threads': () => sampler.threads(),
    'process.mounts': ({ key }) => sampler.mounts(key),
    'container.top': async ({ engine, id }) => parseTop(await engines.top(engine, id)),
    'container.diff': async ({ engine, id }) => parseDiff(await engines.diff(engine, id)),
    'container.act': async ({ engine, id, action }) => {
      await acts.act({ engine, id }, action);
      return null;
    },
    'container.run': ({ engine, job, options: run }) => acts.run(engine, run, () => runs.run(engine, job, run)),
    'container.cancelRun': ({ job }) => {
      runs.cancel(job);
      return null;
    },
    'image.list': ({ engine }) => engines.images(engine),
    'image.all': ({ engine }) => engines.image(engine, 'the images', (images, signal) => images.list(signal)),
    'image.history': ({ engine, image }) =>
      engines.image(engine, 'history', (images, signal) => images.history(image, signal)),
    'image.inspect': ({ engine, image }) =>
      engines.image(engine, 'inspect', (images, signal) => images.inspect(image, signal)),
    'image.remove': ({ engine, image, force }) => acts.removeImage(engine, image, force),
    'image.pull': async ({ engine, job, image }) => {
      await acts.pull(engine, image, () => runs.pull(engine, job, image));
      return null;
    },
    'change.preview': ({ change }) => changes.preview(change),
    'change.apply': ({ token }) => changes.apply(token),
    'change.undo': ({ id }) => changes.undo(id),
    'change.list': () => changes.list(),
    'unshare.support': () => unshareSupport(),
    'nsenter.support': () => nsenterSupport(),
    'launch.paths': ({ paths }) => pathLooks(paths),
    'terminal.list': () => terminals.list(),
    'terminal.unshare': ({ options: unshare, cols, rows }) => terminals.unshare(unshare, cols, rows),
    'terminal.shell': ({ cols, rows }) => terminals.shell(cols, rows),
    'terminal.run': ({ argv, program, cols, rows }) => terminals.run(argv, program, cols, rows),
    'terminal.nsenter': ({ options: nsenter, name, cols, rows }) => terminals.nsenter(nsenter, name, cols, rows),
    'terminal.exec': ({ engine, id, options: exec, name, cols, rows }) =>
      terminals.exec({ engine, id, options: exec }, name, cols, rows),
    'exec.probe': ({ engine, id }) => engines.exec(engine, 'exec', (calls, signal) => probeShells(calls, id, signal)),
    'logs.follow': ({ log, engine, id, query }) => logs.follow(log, engine, id, query),
    'logs.stop': ({ log }) => {
      logs.stop(log);
      return null;
    },
    'terminal.attach': ({ terminal }) => {
      terminals.attach(
        viewer,
        terminal,
        (bytes) => transport.send({ header: { k: 'term-out', terminal }, bytes }),
        () => transport.send({ header: { k: 'event', name: 'terminalLeftBehind', value: { terminal } } }),
      );
      return null;
    },
    'terminal.detach': ({ terminal }) => {
      terminals.detach(viewer, terminal);
      return null;
    },
    'terminal.resize': ({ terminal, cols, rows }) => {
      terminals.resize(terminal, cols, rows);
      return null;
    },
    'terminal.rename': ({ terminal, title }) => {
      terminals.rename(terminal, title);
      return null;
    },
    'terminal.move': ({ terminal, to }) => {
      terminals.move(terminal, to);
      return null;
    },
    'terminal.clear': ({ terminal }) => {
      terminals.clear(terminal);
      return null;
    },
    'terminal.restart': ({ terminal }) => terminals.restart(terminal),
    'terminal.close': ({ terminal }) => terminals.close(terminal),
  };
};

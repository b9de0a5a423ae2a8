/** What a change would do, said before it is done. Reads, never writes. */
import { formOf, type Change, type ChangeEffect, type ChangePreview } from '../../../shared/change.ts';
import { effectOf } from '../../../shared/change-effects.ts';
import { isOfDevice, readBackOf, textFor } from '../../../shared/change-files.ts';
import { keptAtRestart } from '../../../shared/engine-keeps.ts';
import { engineUpdates } from '../../../shared/engine-update.ts';
import { setPropertyByHand, systemdUnit } from '../../../shared/systemd-unit.ts';
import { endsUnlessHandled, isHarmless, signalMeaning } from '../../../shared/signals.ts';
import { failed } from '../read/errno.ts';
import { blockDevices } from './block-devices.ts';
import { countProcesses, type CgroupFilePlace } from './cgroup-place.ts';
import { cpusetsAround } from './cpusets-around.ts';
import { engineSays, type EngineSays } from './engine-says.ts';
import type { EngineTarget, UpdatingEngines } from './engine-target.ts';
import { numberIn, type Held } from './held-file.ts';
import { withProcess } from './one-process.ts';
import type { Target } from './targets.ts';
import { signalNumber } from './send-signal.ts';

export type Draft = Omit<ChangePreview, 'token'>;
type FileChange = Exclude<Change, { readonly what: 'signal' | 'option' }>;
type SignalChange = Extract<Change, { readonly what: 'signal' }>;

const periodOf = async ({ file, place }: Target, now: string): Promise<number | null> =>
  file.form === 'bandwidth'
    ? Number(now.split(' ')[1])
    : file.form === 'quota' && place !== null
      ? numberIn(`${place.folder}/cpu.cfs_period_us`)
      : null;

/** Only v1 counts memory and swap together, and refuses a memory limit above theirs; mm/memcontrol-v1.c. */
const belowSwapLimit = async (place: CgroupFilePlace, readsBack: string): Promise<ChangeEffect[]> => {
  if (place.file.name !== 'memory.limit_in_bytes') return [];
  const both = await numberIn(`${place.folder}/memory.memsw.limit_in_bytes`);
  if (both === null || Number(readsBack) <= both) return [];
  return [{ kind: 'warn', words: `memory.memsw.limit_in_bytes is ${both}: the kernel refuses more with EINVAL.` }];
};

const aboutPlace = ({ cgroup, holdsUs }: CgroupFilePlace): ChangeEffect[] => {
  if (cgroup === '/') return [{ kind: 'danger', words: 'The root of its hierarchy: it holds all that runs here.' }];
  return holdsUs ? [{ kind: 'danger', words: 'Porthole itself runs in this cgroup.' }] : [];
};

/** Who manages a unit may write its own value again. `says`: the engine that made it, which has its own way for it to last. */
const aboutUnit = (
  { cgroup, file }: CgroupFilePlace,
  writes: string,
  periodMicros: number | null,
  says: EngineSays | null,
): ChangeEffect[] => {
  const unit = systemdUnit(cgroup);
  if (unit === null) return [];
  const words = `${unit} is systemd’s: it may write its own value again when units are reloaded.`;
  if (says !== null) {
    return [
      { kind: 'warn', words: engineUpdates(file) ? `${words} To last, have it written by ${says.name}.` : words },
    ];
  }
  const lasting = setPropertyByHand(unit, file, writes, periodMicros);
  return [{ kind: 'warn', words: lasting === null ? words : `${words} To last: ${lasting}` }];
};

const aboutProcess = (pid: number): ChangeEffect[] => [
  ...(pid === process.pid ? [{ kind: 'danger' as const, words: 'This is Porthole itself.' }] : []),
  ...(pid === 1 ? [{ kind: 'danger' as const, words: 'PID 1: all that runs here depends on it.' }] : []),
];

/** Of a file. `held` is what it reads now. */
export const draftOfFile = async (
  change: FileChange,
  target: Target | EngineTarget,
  held: Held,
  options: Options,
): Promise<Draft> => {
  const { file, place, path } = target;
  const periodMicros = await periodOf(target, held.text);
  const typed = textFor(
    file,
    change.typed,
    change.what === 'oom_score_adj' ? 'plain' : change.unit,
    periodMicros ?? 100_000,
  );
  const pageBytes = await options.pageBytes();
  const says = place === null ? null : await engineSays(options.engines, file, place.cgroup);
  const effects: ChangeEffect[] = [];
  let problem = typed.ok ? null : typed.problem;
  let readsBack: string | null = null;
  let canEmpty = true;
  if (typed.ok) {
    readsBack = readBackOf(file, typed.text, pageBytes, held.text);
    const used = place === null || file.used === null ? null : await numberIn(`${place.folder}/${file.used}`);
    const processes = place === null ? null : await countProcesses(place.folder);
    const around = place === null || file.form !== 'ranges' ? {} : await cpusetsAround(place, file.version);
    effects.push(
      effectOf({ file, writes: typed.text, readsBack, used, processes, periodMicros, now: held.text, ...around }),
    );
    if (file.form === 'ranges' && held.text === '' && typed.text !== '' && processes !== 0) {
      canEmpty = false;
      effects.push({ kind: 'warn', words: 'It was empty: it cannot be again while processes are in it (ENOSPC).' });
    }
    if (place !== null) effects.push(...(await belowSwapLimit(place, readsBack)));
    if (place?.holdsUs && (typed.text === 'FROZEN' || typed.text === '1') && /^f/.test(file.form)) {
      problem = 'This would freeze Porthole itself, and nothing here could thaw it.';
    }
  }
  const plan = 'plan' in target && typed.ok && problem === null ? await target.plan(typed.text, periodMicros) : null;
  if (plan?.update.ok === false) problem = plan.update.problem;
  if (plan?.update.ok && plan.update.readsBack !== undefined) readsBack = plan.update.readsBack;
  if (plan?.update.ok && plan.update.note !== null) effects.push({ kind: 'warn', words: plan.update.note });
  if (plan?.update.ok && plan.update.undo === null)
    effects.push({ kind: 'warn', words: 'There was none before, and the engine cannot take it away again.' });
  effects.push(
    ...(place === null ? aboutProcess(Number(path?.split('/')[2])) : aboutPlace(place)),
    // Asked by its engine, systemd is told as well.
    ...(place === null || 'plan' in target || !typed.ok ? [] : aboutUnit(place, typed.text, periodMicros, says)),
    ...closedWords(await target.closed()),
  );
  return {
    change,
    title: file.title,
    path,
    form: formOf(file),
    readsNow: { ok: true, value: held.text },
    writes: typed.ok && problem === null ? typed.text : null,
    readsBack: problem === null ? readsBack : null,
    file: null,
    periodMicros,
    problem,
    effects,
    engine: says === null ? null : { name: says.name, says: says.says },
    atRestart:
      'plan' in target
        ? plan?.update.ok
          ? `${readsBack ?? ''} ${keptAtRestart(target.engine)}`.trim()
          : ''
        : place === null
          ? 'gone with the process; its children inherit it'
          : says === null
            ? 'gone with the cgroup: nothing keeps it'
            : says.restores === null
              ? (says.atRestart ?? 'back to the kernel’s default')
              : `back to ${readBackOf(file, says.restores, pageBytes, held.text)}`,
    via: 'plan' in target ? { name: target.via, command: plan?.byHand ?? '' } : null,
    canUndo: plan?.update.ok ? plan.update.undo !== null : canEmpty,
    devices: isOfDevice(file.form) ? await blockDevices() : null,
  };
};

const closedWords = (errno: string | null): ChangeEffect[] =>
  errno === null ? [] : [{ kind: 'warn', words: `Not writable by this user: the kernel will say ${errno}.` }];

export interface Options {
  readonly engines: UpdatingEngines;
  readonly pageBytes: () => Promise<number>;
}

/** Rejects with a PortholeError `not-found` if the process is not (any more) the one that was meant. */
export const draftOfSignal = (change: SignalChange): Promise<Draft> =>
  withProcess(change.process, async ({ pid, stat }) => {
    const { signal } = change;
    const effects: ChangeEffect[] = [];
    effects.push({ kind: isHarmless(signal) ? 'ok' : 'warn', words: `SIG${signal} ${signalMeaning(signal)}.` });
    if (endsUnlessHandled(signal) && signal !== 'TERM') {
      effects.push({ kind: 'warn', words: 'A program that does not handle it is ended by it.' });
    }
    if (stat.state === 'Z')
      effects.push({ kind: 'warn', words: 'It has ended already (zombie): no signal reaches it.' });
    effects.push(...aboutProcess(pid));
    const refused = await mayNot(pid);
    if (refused !== null) effects.push({ kind: 'warn', words: `The kernel will say ${refused}.` });
    const stopsUs = pid === process.pid && signal === 'STOP';
    return {
      change,
      title: `Send SIG${signal}`,
      path: null,
      form: null,
      readsNow: { ok: true, value: `${stat.comm} ${pid}` },
      writes: stopsUs ? null : `SIG${signal} ${signalNumber(signal)}`,
      readsBack: null,
      file: null,
      periodMicros: null,
      problem: stopsUs ? 'This would halt Porthole itself, and nothing here could continue it.' : null,
      effects,
      engine: null,
      atRestart: '',
      via: null,
      canUndo: false,
      devices: null,
    };
  });

/** kill(2) with signal 0 only asks. */
const mayNot = async (pid: number): Promise<string | null> => {
  try {
    process.kill(pid, 0);
    return null;
  } catch (thrown) {
    const reading = failed(thrown, `kill(${pid}, 0)`);
    return reading.ok ? null : reading.errno;
  }
};

/** What a change of an engine's option would do, said before it is done. Reads, never writes. */
import type { Change, ChangeEffect } from '../../../shared/change.ts';
import { effectOf, restartInWords } from '../../../shared/change-effects.ts';
import { readBackOf, textFor } from '../../../shared/change-files.ts';
import { keepsUpdates, keptAtRestart } from '../../../shared/engine-keeps.ts';
import type { Container } from '../../../shared/model.ts';
import { countProcesses } from './cgroup-place.ts';
import { cpusetsAround } from './cpusets-around.ts';
import { numberIn, type Held } from './held-file.ts';
import { inFile, type OptionFile } from './option-file.ts';
import type { OptionTarget } from './option-target.ts';
import type { Draft, Options } from './preview.ts';

type OptionChange = Extract<Change, { readonly what: 'option' }>;

const HAS_PROCESSES: ReadonlySet<Container['state']> = new Set(['running', 'paused', 'restarting']);

/** On the cgroup that the container has now. */
const inCgroup = async (held: OptionFile, writes: string, readsBack: string): Promise<ChangeEffect> => {
  const { place, text: now } = held;
  const { file, folder } = place;
  const used = file.used === null ? null : await numberIn(`${folder}/${file.used}`);
  const around = file.form === 'ranges' ? await cpusetsAround(place, file.version) : {};
  const periodMicros = file.form === 'quota' ? await numberIn(`${folder}/cpu.cfs_period_us`) : null;
  return effectOf({
    file,
    writes,
    readsBack,
    used,
    processes: await countProcesses(folder),
    periodMicros,
    now,
    ...around,
  });
};

const effectsOf = async (
  target: OptionTarget,
  text: string,
  held: OptionFile | null,
  inside: { readonly writes: string; readonly readsBack: string } | null,
): Promise<ChangeEffect[]> => {
  const { file, state, via, engine } = target;
  if (file.form === 'restart') return [{ kind: 'ok', words: restartInWords(text) }];
  const effects: ChangeEffect[] = [];
  if (file.form === 'cpus') effects.push(effectOf({ file, writes: text, readsBack: text, used: null, processes: null, periodMicros: null })); // prettier-ignore
  if (!HAS_PROCESSES.has(state)) {
    return [...effects, { kind: 'ok', words: `It is ${state}: it has no cgroup. ${via} sets this when it starts.` }];
  }
  if (held !== null && inside !== null) effects.push(await inCgroup(held, inside.writes, inside.readsBack));
  const keeps = keepsUpdates(engine);
  const again = keeps === null ? 'and since 5.1 again at each start' : keeps ? 'and again at each start' : 'and at no later start'; // prettier-ignore
  effects.push({ kind: keeps === false ? 'warn' : 'ok', words: `${via} writes it to the container’s cgroup now, ${again}.` }); // prettier-ignore
  if (file.name === '--memory' && inside === null)
    effects.push({ kind: 'warn', words: 'If more is in use, v1 refuses (EBUSY), and v2 may kill processes (OOM).' });
  return effects;
};

/** `kept` is what the engine's account says now. Rejects in the engine's words. */
export const draftOfOption = async (
  change: OptionChange,
  target: OptionTarget,
  kept: Held,
  options: Options,
): Promise<Draft> => {
  const { file, via, engine, option } = target;
  const typed = textFor(file, change.typed, change.unit, 100_000);
  const plan = typed.ok ? await target.plan(typed.text) : null;
  const problem = !typed.ok ? typed.problem : plan?.update.ok === false ? plan.update.problem : null;
  const update = plan?.update.ok ? plan.update : null;
  const writes = typed.ok && update !== null ? typed.text : null;
  const held = await target.held();
  const written = writes === null || held === null ? null : inFile(option, writes, held.place.file);
  const readsBack =
    written === null || held === null
      ? null
      : readBackOf(held.place.file, written, await options.pageBytes(), held.text);
  const inside = written === null || readsBack === null ? null : { writes: written, readsBack };
  const effects: ChangeEffect[] = writes === null ? [] : await effectsOf(target, writes, held, inside);
  if (update !== null && update.note !== null) effects.push({ kind: 'warn', words: update.note });
  if (update?.undo === null)
    effects.push({ kind: 'warn', words: 'There was none before, and the engine cannot take it away again.' });
  const isKept = keepsUpdates(engine) !== false;
  return {
    change,
    title: file.title,
    path: null,
    form: null,
    readsNow: { ok: true, value: kept.text },
    writes,
    readsBack: writes === null ? null : !isKept ? kept.text : writes === 'max' ? '-1' : writes,
    file: held === null ? null : { path: held.place.path, readsNow: held.text, readsBack },
    periodMicros: null,
    problem,
    effects,
    engine: null,
    atRestart: writes === null ? '' : keptAtRestart(engine),
    via: { name: via, command: plan?.byHand ?? '' },
    canUndo: update === null || update.undo !== null,
    devices: null,
  };
};

/** Namespaces as targets: how each is entered, and the rows by which they are found. */
import type { World } from '../../../shared/model.ts';
import { namespaceFile } from '../../../shared/namespace-file.ts';
import { namespacesOf, type NamespaceView } from '../../../shared/namespaces.ts';
import type { Params } from '../../store/selection.svelte.ts';
import { processSubject, subjectId } from '../../store/subject.ts';
import { choicesOf, type Choice, type NamespaceRef, type Ref } from '../compare/subjects.ts';

/**
 * What opens the form for nsenter on this one namespace: by a process in it, by a file that stands for it, by a socket that
 * was made in it. `null` where there is none of them.
 */
export const entryInto = (world: World, view: NamespaceView): Params | null => {
  const only = { how: 'nsenter', only: view.type };
  const by = (pid: number | null) => world.processes.find((process) => process.pid === pid);
  const leader = by(view.leader);
  // A child of Porthole's without a terminal has only gone in to look, and is gone in a moment.
  const looks = leader?.ppid === world.host.pid && leader.tty === null;
  if (leader && !looks) return { ...only, target: subjectId(processSubject(leader.key)) };
  const file = namespaceFile(world, view);
  if (file !== null) return { ...only, file };
  for (const holder of view.heldBy) {
    const owner = holder.kind === 'socket' ? by(holder.pid) : undefined;
    if (holder.kind === 'socket' && owner) {
      return { ...only, target: subjectId(processSubject(owner.key)), socket: String(holder.fd) };
    }
  }
  return null;
};

const processWords = (count: number): string =>
  count === 0 ? 'no process' : count === 1 ? '1 process' : `${count} processes`;

/** Everything that can be entered: what has no process of its own before the many processes, the rest behind them. */
export const targetChoices = (world: World): readonly Choice<Ref | NamespaceRef>[] => {
  const choices: readonly Choice<Ref | NamespaceRef>[] = choicesOf(world);
  const rows = namespacesOf(world)
    .filter((view) => !view.host)
    .flatMap((view) => {
      const entry = entryInto(world, view);
      if (entry === null) return [];
      const choice: Choice<NamespaceRef> = {
        ref: { kind: 'namespace', id: view.id },
        label: view.id,
        note: processWords(view.processes.length),
        more: view.leaderComm ?? entry['file'] ?? '',
      };
      return [{ choice, empty: view.leader === null }];
    });
  const some = (empty: boolean) => rows.filter((row) => row.empty === empty).map(({ choice }) => choice);
  const at = choices.findIndex(({ ref }) => ref.kind === 'process');
  const split = at < 0 ? choices.length : at;
  return [...choices.slice(0, split), ...some(true), ...choices.slice(split), ...some(false)];
};

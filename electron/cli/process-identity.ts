/** Which process it is, by the host's numbers and by its own. */
import { frozenWords } from '../../shared/freezer-words.ts';
import { detailChain, idLevels, idSentence, userChain } from '../../shared/id-levels.ts';
import type { Process, ProcessDetail, World } from '../../shared/model.ts';
import { stateWords } from '../../shared/state-words.ts';
import { line, told } from './told.ts';

export const identityText = (label: string, world: World, process: Process, detail: ProcessDetail | null): string =>
  [
    `${label}, process ${process.pid}\n`,
    line('PID', pidWords(process)),
    line('user', userWords(world, process, detail)),
    ...(detail === null ? [] : [groupLine(world, process, detail)]),
    line('state', stateLine(process, detail)),
    ...(detail === null
      ? []
      : (['exe', 'cwd', 'root'] as const).map((name) => told(name, detail[name], (path) => path))),
  ].join('');

/** `411 host, 7 between, 1 inside`. */
const pidWords = ({ pid, nspid }: Process): string =>
  [
    nspid.length > 1 ? `${pid} host` : String(pid),
    ...nspid.slice(1).map((inner, depth) => `${inner} ${depth === nspid.length - 2 ? 'inside' : 'between'}`),
  ].join(', ');

const userWords = (world: World, process: Process, detail: ProcessDetail | null): string => {
  const { user, uid, euid } = process;
  if (euid === null) return 'not readable: status';
  const chain = detail === null ? userChain(world, process, 'uid') : detailChain(world, process, detail, 'uid');
  const words = (id: number): string => idSentence(id, idLevels(id, chain));
  return [
    ...(user === null || user === String(euid) ? [] : [user]),
    `uid ${words(euid)}`,
    ...(uid === null || uid === euid ? [] : [`real uid ${words(uid)}`]),
    ...(detail?.userInside == null ? [] : [`${detail.userInside} inside`]),
  ].join('; ');
};

const groupLine = (world: World, process: Process, detail: ProcessDetail): string => {
  const chain = detailChain(world, process, detail, 'gid');
  const words = (id: number): string => idSentence(id, idLevels(id, chain));
  return told('group', detail.status, ({ gids: [real, effective], groups }) =>
    [
      `gid ${words(effective)}`,
      ...(real === effective ? [] : [`real gid ${words(real)}`]),
      ...(groups.length === 0 ? [] : [`and of ${groups.map(words).join(chain.length === 0 ? ' ' : '; ')}`]),
    ].join('; '),
  );
};

const stateLine = (process: Process, detail: ProcessDetail | null): string =>
  `${process.state}, ${(detail === null ? null : frozenWords(detail.freezers)) ?? stateWords(process)}`;

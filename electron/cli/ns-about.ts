/** porthole ns TYPE:[INODE]: what is known of the namespace itself: members, holders, owner and parent, who may enter it. */
import { readerFor, whoBy, whoWords } from '../../shared/enter-who.ts';
import type { Learned } from '../../shared/inside.ts';
import { mayEnter, readerOf } from '../../shared/may-enter.ts';
import { enterWords } from '../../shared/may-enter-words.ts';
import type { NamespaceId, World } from '../../shared/model.ts';
import type { Holder, NamespaceView } from '../../shared/namespaces.ts';
import { containerLabel } from '../../shared/sentence.ts';
import { visible } from '../../shared/text.ts';
import { readUsers } from '../host/collect/host.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { Failure } from './fault.ts';
import type { Look } from './look.ts';
import { holderInWords } from './ns-held.ts';

export const section = <T>(title: string, told: Learned<T>, text: (value: T) => string): string => {
  const words = told.ok ? text(told.value) : `not readable: ${visible(told.words)}\n`;
  return `${title}\n${words === '' ? 'none\n' : words}`;
};
export const line = (name: string, value: string): string => `${name.padEnd(12)}${visible(value)}\n`;

export const aboutBlocks = (world: World, namespace: NamespaceView | null): string[] => {
  const held = namespace?.heldBy.map((holder) => `${heldWords(holder)}\n`) ?? [];
  return [
    `HELD BY\n${held.length === 0 ? 'nothing that can be seen\n' : held.join('')}`,
    ...(namespace === null ? [] : [membersBlock(world, namespace), relationsBlock(namespace)]),
  ];
};

const heldWords = (holder: Holder): string =>
  holder.kind === 'process'
    ? `${holder.processes} ${holder.processes === 1 ? 'process' : 'processes'}`
    : visible(holderInWords(holder));

/** Of thousands the first, as a list of them is `porthole ns --json`. */
const MEMBERS = 100;

const membersBlock = (world: World, { processes, leader, leaderComm, command, containers }: NamespaceView): string => {
  const names = containers.map((id) => visible(containerLabel(world, id))).join(', ');
  const rest = processes.length - MEMBERS;
  return [
    'MEMBERS\n',
    ...(leader === null
      ? ['none that can be seen\n']
      : [
          line('oldest', `${leader} ${command?.length ? command.join(' ') : (leaderComm ?? '')}`),
          line('all', `${processes.slice(0, MEMBERS).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`),
        ]),
    ...(names === '' ? [] : [`${'containers'.padEnd(12)}${names}\n`]),
  ].join('');
};

const relationsBlock = ({ owner, parent, ownerUid }: NamespaceView): string =>
  `OWNER AND PARENT\n${line('owner', owner)}${line('parent', parent)}${ownerUid === null ? '' : line('created by', `uid ${ownerUid}`)}`;

export interface Enter {
  readonly can: 'yes' | 'no' | 'unknown';
  readonly words: string;
}

/** `as`: a PID or a user; `null`: this session. Throws a {@link Failure} if nobody is called so. */
export const enterAs = ({ world, detail }: Look, id: NamespaceId, as: string | null): Enter => {
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  if (as === null) {
    const may = mayEnter(readerOf(world), id, facts);
    return { can: may.can, words: enterWords(may, id).sentence };
  }
  const who = whoBy(as, world, readUsers(new LinuxKernel()));
  if (who === null) throw new Failure(`no process and no user "${visible(as)}"; give a PID, a user's name or uid:N`);
  const status = who.kind === 'process' ? detail(who.process)?.status : null;
  if (status === undefined || status?.ok === false) throw new Failure(`process ${as} ended, or is closed to this user`);
  const may = mayEnter(readerFor(who, world, status?.value.capabilities.effective ?? ''), id, facts);
  return { can: may.can, words: enterWords(may, id, whoWords(who)).sentence };
};

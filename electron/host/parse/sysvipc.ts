import type { SysvObject } from '../../../shared/inside.ts';
import { decimal, FormatError } from './format-error.ts';

type Columns = Readonly<Record<'id' | 'size' | 'used' | 'cpid', string | null>>;

/** Which column of each file says what; man 7 sysvipc, ipc/shm.c, ipc/sem.c, ipc/msg.c. */
const COLUMNS: Readonly<Record<'shm' | 'sem' | 'msg', Columns>> = {
  shm: { id: 'shmid', size: 'size', used: 'nattch', cpid: 'cpid' },
  sem: { id: 'semid', size: 'nsems', used: null, cpid: null },
  msg: { id: 'msqid', size: 'cbytes', used: 'qnum', cpid: null },
};

/** /proc/sysvipc/shm, sem and msg: a head of names, then a line each. */
export const parseSysvipc = (text: string, kind: 'shm' | 'sem' | 'msg'): SysvObject[] => {
  const [head = [], ...rows] = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));
  const columns = COLUMNS[kind];
  return rows.map((row) => {
    const cell = (name: string | null): string | undefined => (name === null ? undefined : row[head.indexOf(name)]);
    const count = (name: string | null): number => decimal(cell(name), `sysvipc/${kind}`);
    const perms = cell('perms');
    if (perms === undefined || !/^[0-7]{1,6}$/.test(perms)) throw new FormatError(`sysvipc/${kind}`, row.join(' '));
    return {
      key: count('key'),
      id: count(columns.id),
      uid: count('uid'),
      perms,
      size: count(columns.size),
      used: columns.used === null ? null : count(columns.used),
      cpid: columns.cpid === null ? null : count(columns.cpid),
    };
  });
};

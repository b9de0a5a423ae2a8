import { expect, it } from 'vitest';
import { ContainerBook } from '../../../electron/host/engines/container-book.ts';
import type { Listed, Looked } from '../../../electron/host/engines/engine.ts';

const listed = (id: string, more: Partial<Listed> = {}): Listed => ({
  id,
  name: id,
  image: 'redis',
  command: null,
  state: 'running',
  status: 'Up',
  createdAt: null,
  labels: {},
  ports: [],
  project: null,
  pod: null,
  ...more,
});
const looked: Looked = {
  state: 'running',
  pid: 7,
  startedAt: 1,
  finishedAt: null,
  exitCode: null,
  health: null,
  networkMode: 'host',
  pidMode: null,
  ipcMode: null,
  restartPolicy: null,
  autoRemove: null,
};

it('asks for a look at what is new or changed its state, and at nothing else', () => {
  const book = new ContainerBook('e');
  expect(book.list([listed('a'), listed('b')], null)).toEqual(['a', 'b']);
  book.look('a', looked);
  expect(book.list([listed('a', { status: 'Up 2' }), listed('b')], null)).toEqual(['b']);
  expect(book.containers()[0]).toMatchObject({ engine: 'e', status: 'Up 2', pid: 7 });
  expect(book.list([listed('a', { state: 'exited' })], ['a'])).toEqual(['a']);
  expect(book.containers()[0]).toMatchObject({ state: 'exited', pid: null });
});

it('forgets what a list of everything leaves out, and of a filtered one only what was asked for', () => {
  const book = new ContainerBook('e');
  book.list([listed('a'), listed('b'), listed('c')], null);
  book.list([], ['b']);
  expect(book.containers().map(({ id }) => id)).toEqual(['a', 'c']);
  book.list([listed('c')], null);
  expect(book.containers().map(({ id }) => id)).toEqual(['c']);
});

it('drops the list’s words where a younger look contradicts them', () => {
  const book = new ContainerBook('e');
  book.list([listed('a')], null);
  book.look('a', { ...looked, state: 'exited', pid: null, exitCode: 1 });
  expect(book.containers()[0]).toMatchObject({ state: 'exited', status: null, exitCode: 1 });
});

it('does not bring a container back by a look that comes late', () => {
  const book = new ContainerBook('e');
  book.list([listed('a')], null);
  book.remove('a');
  book.look('a', looked);
  expect(book.containers()).toEqual([]);
});

it('gives the same objects while nothing changed', () => {
  const book = new ContainerBook('e');
  book.list([listed('a')], null);
  book.look('a', looked);
  const before = book.containers();
  book.list([listed('a')], null);
  book.look('a', { ...looked });
  expect(book.containers()).toBe(before);
});

it('asks for another look at everything in doubt, and shows the last one until then', () => {
  const book = new ContainerBook('e');
  book.list([listed('a'), listed('b')], null);
  book.look('a', looked);
  book.look('b', looked);
  const told = book.containers()[0]!.told;
  book.doubt();
  expect(book.containers()[0]).toMatchObject({ pid: 7 });
  expect(book.containers()[0]!.told).toBeGreaterThan(told);
  expect(book.list([listed('a'), listed('b')], null)).toEqual(['a', 'b']);
  book.look('a', looked);
  expect(book.list([listed('a'), listed('b')], null)).toEqual(['b']);
});

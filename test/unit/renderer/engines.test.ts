import { expect, it } from 'vitest';
import { engineSummary } from '../../../renderer/app/engine-words.ts';
import { opening, unreadCount } from '../../../renderer/app/unread-words.ts';
import { enginePicture, inOrder, whyWords } from '../../../renderer/views/containers/engine-picture.ts';
import type { EngineState } from '../../../shared/model.ts';

const engine = (given: Partial<EngineState>): EngineState => ({
  id: given.address ?? 'unix:///run/docker.sock',
  kind: 'docker',
  address: 'unix:///run/docker.sock',
  source: 'default socket',
  condition: 'absent',
  errno: 'ENOENT',
  message: null,
  remedy: null,
  version: null,
  rootless: null,
  triedAt: null,
  retryAt: null,
  ...given,
});
const up = engine({ condition: 'up', version: '27.3.1', rootless: false, errno: null });

it('is down only when nobody answers and nobody is still being asked', () => {
  expect(enginePicture([engine({})]).kind).toBe('down');
  expect(enginePicture([]).kind).toBe('down');
  expect(enginePicture([engine({}), engine({ condition: 'connecting' })]).kind).toBe('waiting');
  expect(enginePicture([engine({ condition: 'hung' }), up]).kind).toBe('up');
});

it('names those that should answer and do not, not the places where nothing is', () => {
  const picture = enginePicture([engine({}), engine({ condition: 'hung' }), up]);
  expect(picture.troubled.map(({ condition }) => condition)).toEqual(['hung']);
});

it('says each remedy once, with all its commands, the usual place first', () => {
  const remedy = (command: string) => ({ text: 'Start it:', command });
  const { remedies } = enginePicture([
    engine({ source: 'rootless socket', remedy: remedy('systemctl --user start docker') }),
    engine({ remedy: remedy('sudo systemctl start docker') }),
  ]);
  expect(remedies).toEqual([
    { text: 'Start it:', commands: ['sudo systemctl start docker', 'systemctl --user start docker'] },
  ]);
});

it('tells when it was tried and when it will be', () => {
  expect(enginePicture([engine({ triedAt: 5, retryAt: 9 }), engine({ triedAt: 7, retryAt: 8 })])).toMatchObject({
    triedAt: 7,
    retryAt: 8,
  });
});

it('puts a place that somebody named before the default ones', () => {
  const places = [engine({ source: 'rootless socket' }), engine({ kind: 'podman' }), engine({ source: 'DOCKER_HOST' })];
  expect(inOrder(places).map(({ source }) => source)).toEqual(['DOCKER_HOST', 'default socket', 'rootless socket']);
});

it('does not repeat the error and the path that stand beside the reason', () => {
  const message = "ENOENT: no such file or directory, stat '/run/docker.sock'";
  expect(whyWords({ errno: 'ENOENT', message })).toBe('no such file or directory');
  expect(whyWords({ errno: null, message: 'client is too old' })).toBe('client is too old');
});

it('sums up who answers', () => {
  expect(engineSummary([engine({}), up])).toBe('Docker 27.3.1, rootful');
  expect(engineSummary([engine({})])).toBe('No engine');
  expect(engineSummary([engine({ condition: 'connecting' })])).toBe('Looking for engines');
});

it('offers root to those who are not, and never to those who are', () => {
  const none = '0000000000000000';
  expect(opening({ uid: 1000, user: 'mara', capEff: none }).command).toBe('sudo porthole serve');
  expect(opening({ uid: 0, user: 'root', capEff: none })).toMatchObject({ command: null });
  expect(opening({ uid: 1000, user: 'mara', capEff: '0000000000080000' }).command).toBeNull();
  expect(unreadCount({ processes: 3, hidden: 4, files: [] })).toBe(7);
});

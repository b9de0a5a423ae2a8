import { describe, expect, it } from 'vitest';
import type { ContainerAction } from '../../../shared/container-act.ts';
import { harmWords } from '../../../shared/container-harm.ts';
import type { Container, Process } from '../../../shared/model.ts';
import { aContainer, aProcess, aWorld } from './world.ts';

const ID = 'd'.repeat(64);
const db = (given: Partial<Container> = {}): Container =>
  aContainer(ID, { name: 'db', networkMode: 'bridge', ...given });
const web = (given: Partial<Container>): Container => aContainer('e'.repeat(64), { name: 'web', ...given });
const stop: ContainerAction = { do: 'stop', seconds: null };
const said = (
  of: Container,
  others: readonly Container[],
  action: ContainerAction = stop,
  processes: readonly Process[] = [],
) => harmWords(aWorld(processes, { containers: [of, ...others] }), of, processes[0] ?? null, action);

describe('what an act on a container takes from others', () => {
  it('is nothing where nobody is in its namespaces, and nothing of an act that ends nothing', () => {
    expect(said(db(), [web({ networkMode: 'bridge' })])).toEqual([]);
    expect(said(db(), [web({ networkMode: `container:${ID}` })], { do: 'pause' })).toEqual([]);
  });

  it('is the interfaces of those in its network namespace, by whichever name they joined it', () => {
    const words = ['web is in its network namespace, and loses its interfaces until it is restarted after this one.'];
    expect(said(db(), [web({ networkMode: `container:${ID}` })])).toEqual(words);
    expect(said(db(), [web({ networkMode: 'container:db' })], { do: 'restart', seconds: 1 })).toEqual(words);
    expect(said(db({ networkMode: 'none' }), [web({ networkMode: 'container:db' })])).toEqual([
      'web is in its network namespace, and stays in the old one until it is restarted after this one.',
    ]);
  });

  it('is the life of all that is in its PID namespace, of a container or not', () => {
    const ns = { pid: 7 };
    const processes = [
      aProcess({ pid: 10, container: ID, ns }),
      aProcess({ pid: 11, container: web({}).id, ns }),
      aProcess({ pid: 12, comm: 'bash', ns }),
    ];
    expect(said(db(), [web({ pidMode: `container:${ID}` })], stop, processes)).toEqual([
      'web and bash (12) are in its PID namespace: the kernel kills them when its first process ends.',
    ]);
  });

  it('is nothing where it joined another one’s namespace itself, or where the other does not run', () => {
    const joined = db({ networkMode: `container:${web({}).id}` });
    expect(said(joined, [web({ networkMode: 'bridge' })])).toEqual([]);
    expect(said(db(), [web({ networkMode: 'container:db', state: 'exited' })])).toEqual([]);
  });

  it('is, of its removal, that those made to join it cannot be started again', () => {
    const remove = { do: 'remove', force: false, volumes: false } as const;
    expect(said(db({ state: 'exited' }), [web({ networkMode: 'container:db', state: 'exited' })], remove)).toEqual([
      'web was made to join its namespaces, and cannot be started again without it.',
    ]);
  });

  it('is all of itself where it was made with --rm and ends, but not at a restart', () => {
    const gone = 'It was made with --rm: when it ends it is removed, with all it wrote and its unnamed volumes.';
    expect(said(db({ autoRemove: true }), [])).toEqual([gone]);
    expect(said(db({ autoRemove: true }), [], { do: 'kill', signal: 'HUP' })).toEqual([gone]);
    expect(said(db({ autoRemove: true }), [], { do: 'restart', seconds: null })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { manyCommands, mayUpdate, planMany } from '../../../renderer/views/containers/many.ts';
import { Picks } from '../../../renderer/views/containers/picks.svelte.ts';
import type { Container, EngineState } from '../../../shared/model.ts';
import { aContainer } from '../shared/world.ts';

const up = { id: 'unix:///d', kind: 'docker', address: 'unix:///d', source: 'default socket', condition: 'up' } as EngineState; // prettier-ignore
const one = (name: string, state: Container['state'], engine: string | null = up.id): Container =>
  aContainer(name.repeat(32), { name, state, engine });
const engines = new Map([[up.id, up]]);
const CONTAINERS = [one('aa', 'running'), one('bb', 'exited'), one('cc', 'paused'), one('dd', 'running', null)];

describe('one act for several containers', () => {
  it('is for those whose state allows it; of the others it says why not', () => {
    const plan = planMany('stop', CONTAINERS, engines);
    expect(plan.does.map(({ container }) => container.name)).toEqual(['aa', 'cc']);
    expect(plan.leaves.map(({ container, why }) => `${container.name} ${why}`)).toEqual([
      'bb it is exited',
      'dd no engine knows it',
    ]);
  });

  it('updates all that an engine answers for, running or not', () => {
    expect(CONTAINERS.map((container) => mayUpdate(container, engines))).toEqual([
      null,
      null,
      null,
      'no engine knows it',
    ]);
    expect(mayUpdate({ ...CONTAINERS[0]!, state: 'dead' }, engines)).toBe('it is dead');
  });

  it('is for none whose engine is down', () => {
    const down = new Map([[up.id, { ...up, condition: 'hung' as const }]]);
    expect(planMany('stop', CONTAINERS, down).does).toEqual([]);
  });

  it('is one command where the same is asked, and one more where force is needed', () => {
    expect(manyCommands(planMany('stop', CONTAINERS, engines).does)).toEqual(['docker stop aa cc']);
    expect(manyCommands(planMany('kill', CONTAINERS, engines, { signal: 'HUP' }).does)).toEqual([
      'docker kill --signal=HUP aa cc',
    ]);
    expect(manyCommands(planMany('remove', CONTAINERS, engines, { volumes: true }).does)).toEqual([
      'docker rm --force --volumes aa cc',
      'docker rm --volumes bb',
    ]);
  });
});

describe('picks', () => {
  const order = ['a', 'b', 'c', 'd'];

  it('come and go one by one, and from one to another either way', () => {
    const picks = new Picks();
    picks.toggle('c');
    picks.extend('a', order, null);
    expect([...picks.ids].sort()).toEqual(['a', 'b', 'c']);
    picks.toggle('b');
    expect([...picks.ids].sort()).toEqual(['a', 'c']);
  });

  it('are a whole group at once, and none of it again', () => {
    const picks = new Picks();
    picks.toggle('b');
    picks.toggleAll(['a', 'b']);
    expect([...picks.ids].sort()).toEqual(['a', 'b']);
    picks.toggleAll(['a', 'b']);
    expect([...picks.ids]).toEqual([]);
  });

  it('begin at what is active where none was picked, and forget what is gone', () => {
    const picks = new Picks();
    picks.extend('d', order, 'c');
    expect([...picks.ids]).toEqual(['c', 'd']);
    picks.keep(new Set(['d']));
    expect([...picks.ids]).toEqual(['d']);
    picks.clear();
    expect(picks.ids.size).toBe(0);
  });
});

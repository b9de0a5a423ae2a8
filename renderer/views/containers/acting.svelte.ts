/** What is being done to which container, and what the engine said where it did not do it. */
import { isDrastic, type ContainerAction, type Verb } from '../../../shared/container-act.ts';
import { engineAdvice } from '../../../shared/engine-advice.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { Container } from '../../../shared/model.ts';
import { connection } from '../../store/connection.svelte.ts';
import { errorText } from '../../../shared/text.ts';

export interface Problem {
  readonly verb: Verb;
  /** Hostile text. */
  readonly message: string;
}

export class Acting {
  /** By container. */
  busy = $state.raw<ReadonlyMap<string, Verb>>(new Map());
  /** By container: of what was not asked for twice; the dialog shows its own. Stays until the next action. */
  problems = $state.raw<ReadonlyMap<string, Problem>>(new Map());

  /** Why not; `null` once the engine has done it. What became of the container, the world tells. */
  async perform({ engine, id }: Pick<Container, 'engine' | 'id'>, action: ContainerAction): Promise<Problem | null> {
    const client = connection.client;
    if (client === null || engine === null) return { verb: action.do, message: 'There is no connection.' };
    if (this.busy.has(id)) return { verb: action.do, message: 'Something else is being done to it.' };
    this.problems = new Map([...this.problems].filter(([other]) => other !== id));
    this.busy = new Map([...this.busy, [id, action.do]]);
    try {
      await client.call('container.act', { engine, id, action });
      return null;
    } catch (error) {
      const problem = { verb: action.do, message: wordsFor(error, id) };
      if (!isDrastic(action.do)) this.problems = new Map([...this.problems, [id, problem]]);
      return problem;
    } finally {
      this.busy = new Map([...this.busy].filter(([other]) => other !== id));
    }
  }
}

const wordsFor = (error: unknown, id: string): string => {
  const message = errorText(error);
  // Whoever did not answer may have done it all the same.
  if (error instanceof PortholeError && error.code === 'timeout') return `${message}. It may still happen.`;
  // It has gone itself: what else has gone does not matter.
  const gone = error instanceof PortholeError && error.code === 'not-found' && message.includes(id);
  return gone ? message : engineAdvice(message, 'act');
};

export const acting = new Acting();

/** What the engines' answers mean for the containers view. */
import type { EngineState } from '../../../shared/model.ts';

export interface EnginePicture {
  /** `up`: at least one answers. `waiting`: none yet, some are being asked. `down`: none answers. */
  readonly kind: 'up' | 'waiting' | 'down';
  /** While others work: the ones that should but do not. */
  readonly troubled: readonly EngineState[];
  /** What would open an engine, each way once. */
  readonly remedies: readonly NonNullable<EngineState['remedy']>[];
  /** When one was last tried, and when the next will be; ms since 1970. */
  readonly triedAt: number | null;
  readonly retryAt: number | null;
}

const TROUBLE: readonly string[] = ['hung', 'failed', 'denied'];

export const enginePicture = (engines: readonly EngineState[]): EnginePicture => {
  const up = engines.some(({ condition }) => condition === 'up');
  const waiting = !up && engines.some(({ condition }) => condition === 'connecting');
  const remedies = new Map<string, NonNullable<EngineState['remedy']>>();
  for (const { remedy } of engines) if (remedy) remedies.set(`${remedy.text}\n${remedy.command ?? ''}`, remedy);
  const tried = engines.flatMap(({ triedAt }) => triedAt ?? []);
  const retries = engines.flatMap(({ retryAt }) => retryAt ?? []);
  return {
    kind: up ? 'up' : waiting ? 'waiting' : 'down',
    troubled: up ? engines.filter(({ condition }) => TROUBLE.includes(condition)) : [],
    remedies: [...remedies.values()],
    triedAt: tried.length > 0 ? Math.max(...tried) : null,
    retryAt: retries.length > 0 ? Math.min(...retries) : null,
  };
};

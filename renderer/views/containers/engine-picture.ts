/** What the engines' answers mean for the containers view. */
import type { EngineState } from '../../../shared/model.ts';

export interface Remedy {
  readonly text: string;
  /** Each runnable as it stands. */
  readonly commands: readonly string[];
}

export interface EnginePicture {
  /** `up`: at least one answers. `waiting`: none yet, some are being asked. `down`: none answers. */
  readonly kind: 'up' | 'waiting' | 'down';
  /** While others work: the ones that should but do not. */
  readonly troubled: readonly EngineState[];
  /** What would open an engine, each way once. */
  readonly remedies: readonly Remedy[];
  /** When one was last tried, and when the next will be; ms since 1970. */
  readonly triedAt: number | null;
  readonly retryAt: number | null;
}

const TROUBLE: readonly string[] = ['hung', 'failed', 'denied'];

export const enginePicture = (engines: readonly EngineState[]): EnginePicture => {
  const up = engines.some(({ condition }) => condition === 'up');
  const waiting = !up && engines.some(({ condition }) => condition === 'connecting');
  const tried = engines.flatMap(({ triedAt }) => triedAt ?? []);
  const retries = engines.flatMap(({ retryAt }) => retryAt ?? []);
  return {
    kind: up ? 'up' : waiting ? 'waiting' : 'down',
    troubled: up ? engines.filter(({ condition }) => TROUBLE.includes(condition)) : [],
    remedies: remediesOf(engines),
    triedAt: tried.length > 0 ? Math.max(...tried) : null,
    retryAt: retries.length > 0 ? Math.min(...retries) : null,
  };
};

const remediesOf = (engines: readonly EngineState[]): readonly Remedy[] => {
  const byText = new Map<string, Set<string>>();
  for (const { remedy } of inOrder(engines)) {
    if (remedy === null) continue;
    const commands = byText.get(remedy.text) ?? new Set<string>();
    byText.set(remedy.text, commands);
    if (remedy.command !== null) commands.add(remedy.command);
  }
  return [...byText].map(([text, commands]) => ({ text, commands: [...commands] }));
};

const rank = ({ kind, source }: EngineState): number =>
  (source === 'default socket' ? 2 : source === 'rootless socket' ? 4 : 0) + (kind === 'docker' ? 0 : 1);

/** Places that somebody named come first, then the default ones, then the rootless ones; Docker before Podman. */
export const inOrder = (engines: readonly EngineState[]): readonly EngineState[] =>
  engines.toSorted((a, b) => rank(a) - rank(b));

/** Why an engine does not answer, without what stands beside it already: the error's name, and the path. */
export const whyWords = ({ message, errno }: Pick<EngineState, 'message' | 'errno'>): string => {
  const text = message ?? '';
  if (errno === null || !text.startsWith(`${errno}: `)) return text;
  return text.slice(errno.length + 2).replace(/, [a-z]+ '.*'$/, '');
};

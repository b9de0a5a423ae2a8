/** The engines in one phrase, for the status bar and for the head of the containers view. */
import type { EngineCondition, EngineState } from '../../shared/model.ts';

const NAMES = { docker: 'Docker', podman: 'Podman' } as const;

export const engineName = (engine: Pick<EngineState, 'kind'>): string => NAMES[engine.kind];

/** What an engine answered, in a word or two. */
export const CONDITION_WORDS: Readonly<Record<EngineCondition, string>> = {
  connecting: 'asked, no answer yet',
  up: 'answers',
  absent: 'not there',
  denied: 'denied',
  refused: 'refused',
  hung: 'does not answer',
  failed: 'failed',
};

/** `Docker 27.3.1, rootful`; several are joined. With none up: `No engine`, or that the first answer is awaited. */
export const engineSummary = (engines: readonly EngineState[]): string => {
  const up = engines.filter(({ condition }) => condition === 'up');
  if (up.length > 0) {
    return up
      .map((engine) => {
        const mode = engine.rootless === null ? '' : engine.rootless ? ', rootless' : ', rootful';
        return `${engineName(engine)}${engine.version === null ? '' : ` ${engine.version}`}${mode}`;
      })
      .join('; ');
  }
  return engines.some(({ condition }) => condition === 'connecting') ? 'Looking for engines' : 'No engine';
};

/** `unix:///run/docker.sock` without its scheme; other addresses whole. */
export const socketPath = (address: string): string => address.replace(/^unix:\/\//, '');

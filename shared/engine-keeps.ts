/** What an engine of this version does with an update: writes the cgroup, and keeps the value for the next start or not. */
import type { EngineState } from './model.ts';

export type UpdatedEngine = Pick<EngineState, 'kind' | 'version'>;

/** github.com/containers/podman, pull requests 22322 and 22366: since 5.1 limits are kept, and --restart is known. */
const KEEPS_SINCE = [5, 1] as const;

/** `null` where the version is not known. Docker does, all of it. */
export const keepsUpdates = ({ kind, version }: UpdatedEngine): boolean | null => {
  if (kind === 'docker') return true;
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return null;
  const [since, sinceMinor] = KEEPS_SINCE;
  return Number(major) > since || (Number(major) === since && Number(minor) >= sinceMinor);
};

/** What becomes of a changed limit when the container is started again. */
export const keptAtRestart = (engine: UpdatedEngine): string => {
  const keeps = keepsUpdates(engine);
  if (keeps === null) return 'still since Podman 5.1; before, back to what it was made with';
  return keeps
    ? 'still: the engine keeps it'
    : `back to what it was made with: Podman ${engine.version} keeps no change`;
};

/** Why this engine cannot change the restart policy; `null` if it can, as far as is known. */
export const restartProblem = (engine: UpdatedEngine): string | null =>
  keepsUpdates(engine) === false
    ? `Podman ${engine.version} changes no restart policy; it does since 5.1. Make the container anew.`
    : null;

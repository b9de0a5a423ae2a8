/** Looks at the files that a form names, and again while they are not as they should be: somebody may be mending it. */
import type { Client } from '../../../shared/client.ts';
import type { PathLook } from '../../../shared/launch-paths.ts';

/** After the last keystroke. */
const PAUSE_MILLIS = 250;
const AGAIN_MILLIS = 2000;

/** Returns the function that stops. */
export const lookAtPaths = (
  client: Pick<Client, 'call'>,
  paths: readonly string[],
  onlooks: (looks: ReadonlyMap<string, PathLook>) => void,
): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const looks = await client.call('launch.paths', { paths: [...paths] }).catch(() => []);
    if (stopped) return;
    onlooks(new Map(looks.map((one) => [one.path, one])));
    timer = setTimeout(() => void look(), AGAIN_MILLIS);
  };
  if (paths.length > 0) timer = setTimeout(() => void look(), PAUSE_MILLIS);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
};

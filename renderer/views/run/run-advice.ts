/** What to do about the commonest refusals of a run. Docker's words, Podman's, and those of their runtimes. */
import { joined } from '../../../shared/engine-advice.ts';
import { pullAdvice } from '../../../shared/registry-name.ts';
import type { RunOptions } from '../../../shared/run-container.ts';

type Advice = readonly [words: RegExp, advice: (options: RunOptions) => string];

const ADVICE: readonly Advice[] = [
  [
    /name .* (?:is )?already in use/i,
    ({ name }) => `Choose another name, or rename or remove the container called ${name ?? 'so'} first.`,
  ],
  [
    /port is already allocated|address already in use|bind: address|failed to expose ports/i,
    () => 'Something listens on that port. Publish on another host port, or leave it out for any free one.',
  ],
  [/rlimit/i, () => 'Set lower limits under Ulimits, such as nofile=1024:4096 and nproc=1024:4096.'],
  [
    /executable file .*not found|no such file or directory.*(?:exec|init)|exec:.*no such file/i,
    () => 'The image has no such program. Look at the command, and at the entrypoint of the image.',
  ],
  [/network .*not found|unable to find network/i, () => 'Make the network first, or leave the name empty.'],
  [
    /No such container|no container with name or id/i,
    () => 'The container to share with has gone. Choose another one under Namespaces.',
  ],
];

/** The engine's words, and after them what to do where that is known. */
export const withAdvice = (words: string, options: RunOptions, client: 'docker' | 'podman' = 'docker'): string =>
  joined(
    words,
    ADVICE.find(([pattern]) => pattern.test(words))?.[1](options) ?? pullAdvice(words, options.image, client),
  );

/** What to do about the commonest refusals of an engine, after its own words: Docker's, Podman's, their runtimes'. */

type Advice = readonly [words: RegExp, advice: string];

/** Of what is done to a container that is there. */
const ACT: readonly Advice[] = [
  [/name .* (?:is )?already in use/i, 'Choose another name, or rename or remove the container that has it first.'],
  [
    /invalid container name|names must match/i,
    'A name begins with a letter or digit; letters, digits, _ . and - follow.',
  ],
  [
    /port is already allocated|address already in use|bind: address|failed to expose ports/i,
    'Something listens on that port. End it, or run the container anew on another host port.',
  ],
  [/cannot join .* of a non[ -]running container/i, 'Start the container whose namespace it joins first.'],
  [
    /No such container|no container with name or id/i,
    'A container whose namespace it joins has gone. Run this one anew, with another or its own.',
  ],
  [/network .*not found|unable to find network/i, 'Make a network of that name again, then start it.'],
  [/rlimit/i, 'It was made with limits that may not be set here. Run it anew with lower ones under Ulimits.'],
  [
    /executable file .*not found|no such file or directory.*(?:exec|init)|exec:.*no such file/i,
    'The image has no such program. Run it anew with another command or entrypoint.',
  ],
  [
    /bind source path does not exist|statfs .*no such file|error mounting .*no such file/i,
    'A path that it mounts is not there. Make it again, then start it.',
  ],
  [/cannot remove.*(?:running|paused)|container .* is running.*(?:remove|force)/i, 'Stop it first, or let its processes be killed.'], // prettier-ignore
  [/invalid signal|unknown signal|unable to parse signal/i, 'kill -l lists the signals that there are.'],
  [/(?:pause|freezer).*(?:rootless|cgroup ?v?1|not supported)/i, 'Without root that needs cgroup v2.'],
];

const IMAGE: readonly Advice[] = [
  [/being used by running container/i, 'Stop and remove that container first.'],
  [/container .* is using|is using its referenced image|in use by a container|used by/i, 'Remove the container that was made from it first, or force it.'], // prettier-ignore
  [/dependent child images|image has dependent/i, 'Remove the images that were made from it first.'],
  [/referenced in multiple repositories|more than one/i, 'It has several names: remove them one by one, or force it.'],
];

const LOG: readonly Advice[] = [
  [
    /does not support reading|logging driver|log driver/i,
    'Its logging driver sends the log elsewhere: look there, or run it anew with --log-driver=json-file.',
  ],
];

const ANY: readonly Advice[] = [
  [/no space left on device/i, 'The disk of the engine is full. Remove images and containers that nobody needs.'],
];

const OF = { act: ACT, image: IMAGE, log: LOG } as const;

export const joined = (words: string, advice: string): string =>
  advice === '' ? words : `${words.replace(/[\s.]+$/, '')}. ${advice}`;

/** The engine's words, and after them what to do where that is known. Hostile text. */
export const engineAdvice = (words: string, about: keyof typeof OF): string =>
  joined(words, [...OF[about], ...ANY].find(([pattern]) => pattern.test(words))?.[1] ?? '');

/** A program that sees the processes of the PID namespace it is started in: with the host's files, but a /proc of its own. */

/** What comes before the program; unshare(1). The mount is in a mount namespace of its own: nobody else sees it. */
export const OWN_PROC = ['unshare', '--mount-proc'] as const;

export const mountsOwnProc = (program: readonly string[]): boolean =>
  program.length > OWN_PROC.length && OWN_PROC.every((word, at) => program[at] === word);

/** The program behind it. */
export const behindOwnProc = (program: readonly string[]): readonly string[] =>
  mountsOwnProc(program) ? program.slice(OWN_PROC.length) : program;

/** Ready-made choices for exec. The container is no part of them. */

export interface ExecPreset {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** As typed; `''`: the container's shell. */
  readonly program: string;
  readonly user: string;
  readonly tty: boolean;
}

export const EXEC_PRESETS: readonly [ExecPreset, ...ExecPreset[]] = [
  { id: 'shell', name: 'Its shell', text: 'The first of bash and sh that it has', program: '', user: '', tty: true },
  {
    id: 'root',
    name: 'Its shell, as root',
    text: 'Whoever its own program runs as',
    program: '',
    user: 'root',
    tty: true,
  },
  {
    id: 'env',
    name: 'Environment',
    text: 'What a program started in it is given',
    program: 'env',
    user: '',
    tty: true,
  },
  { id: 'ps', name: 'Processes', text: 'As its own ps sees them', program: 'ps', user: '', tty: true },
  { id: 'os', name: 'Which system', text: 'Its /etc/os-release', program: 'cat /etc/os-release', user: '', tty: true },
];

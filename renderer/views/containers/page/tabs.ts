/** The tabs of a container's page, in their order. */
export const TABS = [
  { id: 'overview', title: 'Overview' },
  { id: 'processes', title: 'Processes' },
  { id: 'namespaces', title: 'Namespaces' },
  { id: 'limits', title: 'Limits' },
  { id: 'capabilities', title: 'Capabilities' },
  { id: 'mounts', title: 'Mounts' },
  { id: 'environment', title: 'Environment' },
  { id: 'files', title: 'Files' },
  { id: 'logs', title: 'Logs' },
  { id: 'inspect', title: 'Inspect' },
] as const;
export type TabId = (typeof TABS)[number]['id'];

/** What the place says is shown; the overview where it says nothing that there is. */
export const tabOf = (text: string | undefined): TabId => TABS.find(({ id }) => id === text)?.id ?? 'overview';

/** The views there are, in the order of the rail and of Ctrl+1, Ctrl+2, … */
import Box from '@lucide/svelte/icons/box';
import Columns2 from '@lucide/svelte/icons/columns-2';
import Gauge from '@lucide/svelte/icons/gauge';
import ListTree from '@lucide/svelte/icons/list-tree';
import SquareTerminal from '@lucide/svelte/icons/square-terminal';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Icon } from '../parts/icon.ts';
import type { World } from '../../shared/model.ts';
import type { View } from '../store/selection.svelte.ts';

export interface ViewEntry {
  readonly view: View;
  readonly title: string;
  readonly icon: Icon;
  /** The number at the right end of its row in the rail. */
  readonly count?: (world: World) => number;
}

export const VIEW_ENTRIES: readonly ViewEntry[] = [
  { view: 'processes', title: 'Processes', icon: ListTree, count: (world) => world.processes.length },
  { view: 'namespaces', title: 'Namespaces', icon: Waypoints, count: (world) => world.namespaces.length },
  { view: 'containers', title: 'Containers', icon: Box, count: (world) => world.containers.length },
  { view: 'cgroups', title: 'Cgroups', icon: Gauge },
  { view: 'compare', title: 'Compare', icon: Columns2 },
  { view: 'unshare', title: 'New shell', icon: SquareTerminal },
];

import { selection } from '../../store/selection.svelte.ts';
import { containerSubject } from '../../store/subject.ts';

/** Opens the page of a container, on its overview or on the tab that another container's page shows. */
export const openContainer = (id: string, tab?: string): void => {
  const shown = tab ?? (selection.view === 'containers' ? selection.params['tab'] : undefined);
  selection.go('containers', { id, ...(shown === undefined ? {} : { tab: shown }) }, containerSubject(id));
};

/**
 * The token of `porthole serve`. It arrives in the address's fragment, which no browser sends to any server, is taken out
 * of the address bar at once (so it is in no bookmark and no screenshot), and is kept for this tab, so that a reload works.
 */
const KEY = 'porthole-token';

export interface TokenPlaces {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/** The token, or `null` if this address never carried one. */
export const takeToken = ({ location, history, storage }: TokenPlaces): string | null => {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null || given === '') return storage.getItem(KEY);
  storage.setItem(KEY, given);
  history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  return given;
};

/** Docker Engine API reference, ContainerTop; Podman answers the same. */
import { TOP_AT_MOST, type ContainerTop } from '../../../shared/container-top.ts';
import { field } from './field.ts';

/** More columns than any ps has. */
const COLUMNS = 40;

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).slice(0, COLUMNS).map((one: unknown) => (typeof one === 'string' ? one : ''));

export const parseTop = (told: unknown): ContainerTop => {
  const processes = field(told, 'Processes');
  const all = Array.isArray(processes) ? processes.filter(Array.isArray) : [];
  return { titles: texts(field(told, 'Titles')), rows: all.slice(0, TOP_AT_MOST).map(texts), total: all.length };
};

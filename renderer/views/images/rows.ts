/** The images as the table shows them: filtered, ordered, counted. */
import type { EngineImage } from '../../../shared/images.ts';
import { bytesInWords } from '../../../shared/sentence.ts';
import { counted } from '../../parts/format.ts';
import { wordFilter } from '../../../shared/text.ts';

export const DANGLING = 'no name';

/** What the row is called: its first name, else that it has none. Hostile text. */
export const imageName = (image: EngineImage): string => image.tags[0] ?? DANGLING;

const byName = (a: EngineImage, b: EngineImage): number =>
  Number(a.tags.length === 0) - Number(b.tags.length === 0) || (imageName(a) < imageName(b) ? -1 : 1);

/** Each word of the filter must be in a name, a digest or the ID; those without a name come last, the youngest first. */
export const imageRows = (images: readonly EngineImage[], filter: string): readonly EngineImage[] => {
  const matches = wordFilter(filter);
  const text = ({ id, tags, digests }: EngineImage): string =>
    [id, ...(tags.length === 0 ? ['<none> dangling', DANGLING] : tags), ...digests].join('\n');
  return images
    .filter((image) => matches(text(image)))
    .toSorted((a, b) => (a.tags.length + b.tags.length === 0 ? (b.createdAt ?? 0) - (a.createdAt ?? 0) : byName(a, b)));
};

/** `12, 3 without a name`; sizes are not summed, for layers are shared. */
export const imagesSummary = (images: readonly EngineImage[]): string => {
  const dangling = images.filter(({ tags }) => tags.length === 0).length;
  return `${images.length}${dangling > 0 ? `, ${dangling} without a name` : ''}`;
};

/** Of the image's size, how much is its own; `null` where the engine does not count it. */
export const uniqueBytes = ({ bytes, sharedBytes }: EngineImage): number | null =>
  bytes === null || sharedBytes === null ? null : Math.max(0, bytes - sharedBytes);

export const sizeWords = (bytes: number | null): string => (bytes === null ? '' : bytesInWords(bytes));

export const usedWords = ({ usedBy }: EngineImage): string =>
  usedBy === null ? '' : usedBy.length === 0 ? 'none' : counted(usedBy.length, 'container');

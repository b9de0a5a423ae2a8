/** In which shapes a file can be looked at; the first is the one that fits it best. */
import type { ProcForm } from '../../../shared/proc-file.ts';

export type Shape = 'table' | 'list' | 'text' | 'bytes';
export interface ShapeChoice {
  readonly value: Shape;
  readonly label: string;
}

const LABELS: Readonly<Record<Shape, string>> = { table: 'Table', list: 'List', text: 'Text', bytes: 'Bytes' };

/** `text`: what an unknown file holds tells by itself whether it is made of strings that end in NUL, or of lines. */
export const shapesOf = (form: ProcForm | null, text: string): readonly ShapeChoice[] => {
  const shapes: Shape[] =
    form === 'fields'
      ? ['table', 'text', 'bytes']
      : form === 'nul' || (form === null && text.includes('\0'))
        ? ['list', 'text', 'bytes']
        : form === 'binary'
          ? ['bytes', 'text']
          : ['text', 'bytes'];
  return shapes.map((value) => ({ value, label: LABELS[value] }));
};

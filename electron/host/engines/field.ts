/** JSON.parse gives `any`; what came from outside is read field by field. */
export const field = (value: unknown, ...names: readonly string[]): unknown => {
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
};

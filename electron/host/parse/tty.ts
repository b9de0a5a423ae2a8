/** Major numbers of terminals and the name each gives its minors; Documentation/admin-guide/devices.txt. */
const NAMES: Readonly<Record<number, (minor: number) => string>> = {
  4: (minor) => (minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`),
  5: (minor) => (minor === 1 ? 'console' : minor === 0 ? 'tty' : `5:${minor}`),
  166: (minor) => `ttyACM${minor}`,
  188: (minor) => `ttyUSB${minor}`,
  204: (minor) => (minor >= 64 && minor < 80 ? `ttyAMA${minor - 64}` : `204:${minor}`),
  229: (minor) => `hvc${minor}`,
};

/** Field 7 of stat: minor in bits 31–20 and 7–0, major in 15–8. `null` for none; `major:minor` if we know no name. */
export const ttyName = (ttyNr: number): string | null => {
  if (ttyNr === 0) return null;
  const major = (ttyNr >>> 8) & 0xff;
  const minor = (ttyNr & 0xff) | ((ttyNr >>> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts/${minor + (major - 136) * 256}`;
  return (Object.hasOwn(NAMES, major) ? NAMES[major]?.(minor) : undefined) ?? `${major}:${minor}`;
};

/** Hands a text to the browser as a file to keep. `name` may be hostile; a file's may hold little. */
export const saveText = (name: string, text: string, type: 'text/plain' | 'application/json'): void => {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([text], { type }));
  link.href = url;
  link.download = name.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 120);
  link.click();
  // The browser reads it after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

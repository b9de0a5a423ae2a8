/** Where the keyboard goes when a popover opens: to what is to be chosen, past the cross that closes it. */
export const focusFirstField = (event: Event, popover: HTMLElement | undefined): void => {
  const field = popover?.querySelector<HTMLElement>('input, select, [role="listbox"], [role="radio"][tabindex="0"]');
  if (!field) return;
  event.preventDefault();
  field.focus();
};

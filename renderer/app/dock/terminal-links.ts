/** Whether a click is meant for the link under it: a link's text is what a program wrote, so a mere click opens nothing. */
export const followsLink = ({
  ctrlKey,
  metaKey,
  button,
}: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'button'>): boolean => button === 0 && (ctrlKey || metaKey);

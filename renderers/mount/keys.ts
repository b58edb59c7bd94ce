/**
 * Does what a key means here. The notebook, which has its own meaning for many keys, does not hear of it; combinations with Ctrl, Alt or Meta stay what they
 * are everywhere.
 */
export function keyAction(event: KeyboardEvent, actions: Readonly<Record<string, () => unknown>>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

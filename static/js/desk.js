// Keys of the moderators' desk: whatever has data-key="a" is pressed, or chosen, by that key.
// Keys are taken by their place on the keyboard, so that they are the same in every layout.

const busy = "input:not([type=radio]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest(busy)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
  const found = /^[a-z0-9]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.type === "radio") found.focus();
  found.click();
});

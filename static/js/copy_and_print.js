// Buttons that copy what stands elsewhere on the page, or print it:
// <button data-copy="id of the text" data-copied="Copied" hidden>, <button data-print hidden>.
// They show themselves where the browser can do it.

const COPIED_MS = 2500;

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => copy(button));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  const lines = [...text.children].map((child) => child.textContent);
  await navigator.clipboard.writeText(lines.join("\n") || text.textContent);
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = label), COPIED_MS);
}

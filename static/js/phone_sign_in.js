// Hands a sign-in over to the app that opened this page and looks into the browser's storage.

const page = document.querySelector("[data-keep]");

for (const [name, value] of Object.entries(JSON.parse(page.dataset.keep))) {
  localStorage.setItem(name, value);
}
delete page.dataset.keep;
// The code in the address is spent, but history need not show it.
history.replaceState(null, "", location.pathname);

// Puts the focus where the work begins: on what must be mended, or on the first case.
// A link to a place on the page keeps its own focus.

const first = document.querySelector('[data-focus-first]');
if (first && !location.hash) first.focus();

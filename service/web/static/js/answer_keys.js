// A key chooses its answer while the row of answers has focus; nowhere else.
// Tab, arrows, space and Enter stay as the browser has them.

const choose = (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.type !== 'radio') return;
  const row = event.currentTarget;
  const key = event.key.toLowerCase();
  const answer = [...row.querySelectorAll('input[type="radio"]')]
    .find((input) => input.getAttribute('aria-keyshortcuts') === key);
  if (!answer) return;
  event.preventDefault();
  answer.focus();
  if (answer.checked) return;
  answer.checked = true;
  answer.dispatchEvent(new Event('change', { bubbles: true }));
};

document.querySelectorAll('[data-answer-keys]')
  .forEach((row) => row.addEventListener('keydown', choose));

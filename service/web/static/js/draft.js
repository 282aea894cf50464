// Keeps a draft while she types. When it cannot be kept, the page says so, keeps what is typed,
// and tries again at the next change and when the connection is back.

const form = document.querySelector('[data-draft]');
const status = document.querySelector('[data-draft-status]');
const WAIT = 800;
let timer = 0;
let waiting = false;

const say = (text) => { status.textContent = text; };
const time = () => new Date().toLocaleTimeString('da-DK', { hour: 'numeric', minute: '2-digit' });

const keep = async () => {
  waiting = false;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: 'POST',
      body: new FormData(form),
      headers: { 'X-Requested-With': 'fetch' },
      redirect: 'error',
    });
    if (answer.ok) return say(`Kladde gemt kl. ${time()}`);
    waiting = true;
    if (answer.status === 400 || answer.status === 401) {
      return say('Du er logget ud. Log ind i et nyt faneblad; det, du har skrevet, står her stadig.');
    }
    return say('Kladden kunne ikke gemmes. Det, du har skrevet, står her stadig.');
  } catch {
    waiting = true;
    return say('Ingen forbindelse. Det, du har skrevet, står her stadig.');
  }
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
};

if (form && status) {
  form.addEventListener('input', later);
  form.addEventListener('change', later);
  form.addEventListener('submit', () => clearTimeout(timer));
  addEventListener('online', () => { if (waiting) keep(); });
}

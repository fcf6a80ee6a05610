/* <form data-walks="#metrics th a">: from its search box the arrow keys walk through the answers and back. */
const answers = (form) => [...document.querySelectorAll(form.dataset.walks)];

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const form = document.querySelector("form[data-walks]");
  if (!by || !form) return;
  const box = form.querySelector('input[type="search"]');
  const stops = [box, ...answers(form)];
  const at = stops.indexOf(document.activeElement);
  const next = stops[at + by];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
});

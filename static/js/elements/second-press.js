/* <button data-confirm="Press again to end"> asks by changing its own words; nothing pops up. */
const PATIENCE = 4000;

const calm = (button) => {
  clearTimeout(button.calmLater);
  button.textContent = button.dataset.words;
  delete button.dataset.armed;
};

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-confirm]");
    if (!button) return;
    if ("armed" in button.dataset) return calm(button);
    event.preventDefault();
    event.stopImmediatePropagation();
    button.dataset.words = button.textContent;
    button.dataset.armed = "";
    button.textContent = button.dataset.confirm;
    button.calmLater = setTimeout(() => calm(button), PATIENCE);
  },
  true,
);

/* What every htmx request of a page owes its reader: an outcome in words when there is no answer. */
const say = (level, text) => {
  const stack = document.getElementById("toasts");
  const words = document.getElementById(`said-${level}`);
  if (!stack || !words) return;
  const note = words.content.firstElementChild.cloneNode(true);
  if (text) note.querySelector("p").textContent = text;
  stack.append(note);
};

document.addEventListener("htmx:error", () => say(navigator.onLine ? "unanswered" : "offline"));
document.addEventListener("htmx:before:swap", (event) => {
  const status = event.detail?.ctx?.response?.status;
  if (status !== 403 && status !== 404 && !(status >= 500)) return;
  event.preventDefault(); // an error page does not belong inside a live page
  say(status === 403 ? "forbidden" : status === 404 ? "gone" : "unanswered");
});

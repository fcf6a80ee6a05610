/* Keys as their owner wants them. Whoever changed some presses another key for the same command: here it becomes the key that every
   screen knows, before any of them hears it. A key that was given away does nothing; turned off, no single key does. Letters of
   other alphabets count as the Latin letter on the same key. */
const kept = JSON.parse(document.documentElement.dataset.ownKeys || "{}");
const off = Boolean(kept.off);
const screen = () => (document.querySelector("meeting-live") ? "meeting" : "pages");
const busy = (target) => target.closest?.("input, textarea, select, [contenteditable], cell-grid, [role=grid]");
const translated = new WeakSet();

function mapping() {
  const own = kept[screen()] || {};
  const taken = new Map(Object.entries(own).map(([key, mine]) => [mine, key]));
  return (pressed) => taken.get(pressed) ?? (pressed in own ? null : pressed);
}

function latin(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) > 127 && /^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  return event.key.toLowerCase();
}

function translate(event) {
  if (translated.has(event) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length !== 1 || event.key === " " || busy(event.target)) return;
  const pressed = latin(event);
  const key = off ? null : mapping()(pressed);
  if (key === pressed && pressed === event.key.toLowerCase()) return;
  event.stopImmediatePropagation();
  if (key === null) return;
  const meant = new KeyboardEvent("keydown", {
    key: event.shiftKey && /[a-z]/.test(key) ? key.toUpperCase() : key,
    code: event.code,
    shiftKey: event.shiftKey,
    bubbles: true,
    cancelable: true,
  });
  translated.add(meant);
  if (!event.target.dispatchEvent(meant)) event.preventDefault();
}

/* What stands on buttons and in lists is what this person presses. */
function label(root) {
  const own = kept[screen()] || {};
  for (const place of root.querySelectorAll("kbd:not([data-as-it-is])")) {
    const text = place.textContent.trim();
    const [shift, key] = text.startsWith("⇧") ? ["⇧", text.slice(1)] : ["", text];
    place.dataset.asItIs = "";
    if (key.length === 1 && own[key.toLowerCase()]) place.textContent = shift + own[key.toLowerCase()].toUpperCase();
  }
}

window.addEventListener("keydown", translate, true);
if (off) document.documentElement.dataset.keysOff = "";
if (kept.meeting || kept.pages) {
  label(document);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.querySelectorAll) label(node);
  }).observe(document.body, { childList: true, subtree: true });
}

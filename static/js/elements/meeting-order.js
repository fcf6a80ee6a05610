/* Sending one order: the same number again after a broken answer, so that nothing happens twice. */
import { projectedEnd } from "./meeting-time.js";

const WAITS = [0, 400, 1500];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* randomUUID exists on https and localhost only; a meeting room may use neither. */
export function number() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function say(text, level = "warning") {
  const note = document.getElementById(`said-order-${level}`).content.firstElementChild.cloneNode(true);
  note.querySelector("p").textContent = text;
  document.getElementById("toasts").append(note);
}

/* The answer ({status, …}), or null when the server was not reached. `quiet`: whoever asks says a refusal in its place. */
export async function order(live, cmd, given = {}, id = number(), quiet = false) {
  const seen = live.state; // the stream may bring the new state before the answer comes
  const body = JSON.stringify({ cmd, expected_seq: live.state.seq, client_id: id, ...given });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": live.dataset.csrf };
  for (const wait of WAITS) {
    await pause(wait);
    try {
      const answer = await fetch(live.dataset.command, { method: "POST", headers, body, redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload() || null;
      return taken(live, seen, answer.status, await answer.json(), quiet);
    } catch {
      continue;
    }
  }
  return null;
}

function taken(live, seen, status, answer, quiet) {
  if (status === 200) {
    live.accept({ ...live.state, ...answer.state });
    const [before, after] = [seen, live.state].map((state) => projectedEnd(state, live.now()));
    if (Object.keys(answer.deltas_s).length) live.announce("meeting:paid", { before, after });
  } else if (answer.state) live.accept(answer.state);
  if (status !== 200 && !quiet) say(answer.text);
  return { status, ...answer };
}

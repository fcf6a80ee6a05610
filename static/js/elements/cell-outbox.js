/* What was typed into cells and is not on the server yet: kept on this device, sent in order, sent again later. */
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

export class CellOutbox {
  /* `told(answer, sent)` hears every answer, `moved(state)` "saving", "saved", "waiting" or "stopped". */
  constructor(url, job, { told, moved, rows }) {
    Object.assign(this, { url, told, moved, rows, key: `reviewhub-cells-${job}` });
    this.pause = 2000;
    this.waiting = new Map(this.stored());
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || "[]");
    } catch {
      return [];
    }
  }

  keep() {
    try {
      if (this.waiting.size) localStorage.setItem(this.key, JSON.stringify([...this.waiting]));
      else localStorage.removeItem(this.key);
    } catch {
      /* a private window keeps nothing; what is typed is still sent */
    }
  }

  put(edits) {
    for (const edit of edits) this.waiting.set(`${edit.row}:${edit.place}`, edit);
    this.keep();
    this.send();
  }

  drop(edit) {
    this.waiting.delete(`${edit.row}:${edit.place}`);
    this.keep();
  }

  async send() {
    if (this.busy || !this.waiting.size) return;
    clearTimeout(this.timer);
    this.busy = true;
    const edits = [...this.waiting.values()].filter((edit) => !edit.held).slice(0, 500);
    if (edits.length) {
      this.moved("saving", edits);
      await this.post(edits);
    }
    this.busy = false;
    if ([...this.waiting.values()].some((edit) => !edit.held) && !this.timer) this.send();
  }

  async post(edits) {
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ edits, rows: this.rows() }),
        redirect: "error",
        signal: AbortSignal.timeout(20000),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    } catch {
      return this.later(edits);
    }
    this.timer = undefined;
    this.pause = 2000;
    if (!answer.ok) return this.stop(answer, edits);
    this.taken(await answer.json(), edits);
  }

  taken(answer, edits) {
    edits.forEach((edit) => {
      const key = `${edit.row}:${edit.place}`;
      const now = this.waiting.get(key);
      const found = answer.cells.find((one) => one.row === edit.row && one.place === edit.place);
      if (found?.state === "saved" && now === edit) this.waiting.delete(key);
      else if (found?.state === "saved" && now) now.number = found.number; // typed on meanwhile
      else if (now === edit) edit.held = true; // refused or overtaken: waits for the writer
    });
    this.keep();
    this.told(answer);
    if (!this.waiting.size) this.moved("saved", []);
  }

  later(edits) {
    this.moved("waiting", edits);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, this.pause);
    this.pause = Math.min(this.pause * 2, 30000);
  }

  async stop(answer, edits) {
    const told = await answer.json().catch(() => ({}));
    for (const edit of edits) edit.held = true;
    this.keep();
    this.moved("stopped", edits, (told.problems || [String(answer.status)]).join(" "));
  }
}

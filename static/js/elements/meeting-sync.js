/* The server's clock on this screen: the best of five samples on top of performance.now(), which nobody can set. */
const SAMPLES = 5;
const RESYNC = 5 * 60 * 1000;
const DRIFT = 1500;

export class ServerClock {
  constructor(address, renderedAt) {
    this.address = address;
    this.last = 0;
    this.synced = false; // all samples of one round are in
    this.doubt = Infinity; // half of the quickest round trip: the clock cannot be off by more
    // Until samples are in: the page was rendered when its first byte came.
    const page = performance.getEntriesByType("navigation")[0];
    this.offset = renderedAt - (page?.responseStart || performance.now());
    this.timer = setInterval(() => this.sync(), RESYNC);
    this.sync();
  }

  /* Milliseconds on the server now. Never steps back by little; a real correction is shown at once. */
  now() {
    const guess = performance.now() + this.offset;
    if (guess < this.last && this.last - guess < DRIFT) return this.last;
    this.last = guess;
    return guess;
  }

  /* A beat of the stream says what time it is; a laptop that slept finds out here. */
  compare(serverNow) {
    if (Math.abs(serverNow - this.now()) > DRIFT) this.sync();
  }

  async sync() {
    let best = Infinity;
    let offset = this.offset;
    for (let number = 0; number < SAMPLES; number += 1) {
      const sent = performance.now();
      try {
        const answer = await fetch(this.address, { cache: "no-store", redirect: "error" });
        const { now_ms: now } = await answer.json();
        const received = performance.now();
        if (received - sent >= best) continue;
        best = received - sent;
        offset = now + best / 2 - received;
        if (!this.synced) this.offset = offset; // the first samples are better than none
      } catch {
        return; // offline: the old offset stays good
      }
    }
    this.offset = offset;
    this.doubt = best / 2;
    this.synced = true;
  }

  stop() {
    clearInterval(this.timer);
  }
}

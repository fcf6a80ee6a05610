/* The way states come in: the stream; while it is away the state every five seconds; else we are offline. */
const POLL = 5000;
const SILENCE = 40000;
const AGAIN = 2000;
const jitter = () => Math.random() * 1500;

export class MeetingLink {
  constructor(addresses, heard) {
    this.addresses = addresses;
    this.heard = heard; // {state, beat, change}
    this.kind = "";
    this.wake = () => document.visibilityState === "visible" && this.connect();
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.again = (event) => event.persisted && this.connect());
    document.addEventListener("visibilitychange", this.wakeIfQuiet = () => this.isQuiet() && this.wake());
    this.watch = setInterval(() => this.isQuiet() && this.connect(), POLL);
    this.connect();
  }

  isQuiet() {
    return performance.now() - this.lastHeard > SILENCE;
  }

  connect() {
    clearTimeout(this.later);
    this.source?.close();
    this.lastHeard = performance.now();
    const source = new EventSource(this.addresses.stream);
    this.source = source;
    source.addEventListener("state", (event) => this.live(() => this.heard.state(JSON.parse(event.data))));
    source.addEventListener("beat", (event) => this.live(() => this.heard.beat(JSON.parse(event.data))));
    source.addEventListener("bye", (event) => this.sentAway(JSON.parse(event.data).reason));
    source.addEventListener("error", () => this.broken(source));
  }

  live(act) {
    this.lastHeard = performance.now();
    clearInterval(this.polling);
    this.polling = 0;
    this.become("live");
    act();
  }

  sentAway(reason) {
    this.source.close();
    if (reason === "signed_out") location.reload();
    else this.later = setTimeout(() => this.connect(), jitter());
  }

  broken(source) {
    if (source !== this.source) return;
    if (!this.polling) {
      this.polling = setInterval(() => this.poll(), POLL);
      this.poll();
    }
    if (source.readyState === EventSource.CLOSED) this.later = setTimeout(() => this.connect(), AGAIN + jitter());
  }

  async poll() {
    try {
      const answer = await fetch(this.addresses.state, { cache: "no-store", redirect: "manual" });
      if (!answer.ok) {
        if (answer.type === "opaqueredirect" || answer.status === 404) location.reload();
        throw new Error(answer.status);
      }
      const state = await answer.json();
      if (this.kind !== "live" || this.polling) this.become("polling");
      this.heard.state(state);
    } catch {
      this.become("offline");
    }
  }

  become(kind) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.heard.change(kind);
  }

  close() {
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.again);
    document.removeEventListener("visibilitychange", this.wakeIfQuiet);
    clearInterval(this.watch);
    clearInterval(this.polling);
    clearTimeout(this.later);
    this.source?.close();
  }
}

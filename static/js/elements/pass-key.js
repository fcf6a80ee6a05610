/* <pass-key mode="create|get|login" options="id of a JSON script"> asks the device for a passkey when its form is sent. */
const isName = (host) => !/^[\d.]+$/.test(host) && !host.startsWith("[");

class PassKey extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!window.PublicKeyCredential || !window.webauthnJSON || !isName(location.hostname)) return this.unavailable();
    this.hidden = false;
    this.ask = (event) => this.answer(event);
    this.form.addEventListener("submit", this.ask);
  }

  disconnectedCallback() {
    if (this.ask) this.form.removeEventListener("submit", this.ask);
  }

  unavailable() {
    const said = this.querySelector("[data-unavailable]");
    if (said) said.hidden = false;
    this.querySelector("button[type=submit]").disabled = true;
  }

  async answer(event) {
    event.preventDefault();
    const refused = this.querySelector("[role=alert]");
    refused.hidden = true;
    try {
      this.form.elements.credential.value = JSON.stringify(await this.credential());
    } catch {
      refused.hidden = false; // the person said no, or the device has no passkey for this site
      return;
    }
    this.form.submit();
  }

  async credential() {
    const options = await this.options();
    if (this.getAttribute("mode") !== "create") return webauthnJSON.get(options);
    // Always one that the device keeps and asks for finger, face or PIN: it signs in without a name.
    Object.assign(options.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return webauthnJSON.create(options);
  }

  async options() {
    const id = this.getAttribute("options");
    if (id) return JSON.parse(document.getElementById(id).textContent);
    const answer = await fetch(this.form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  }
}
customElements.define("pass-key", PassKey);

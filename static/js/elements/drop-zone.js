/* <drop-zone max-bytes="…"> around a file input: drop anywhere in it, see the name, hear early of a wrong file. */
class DropZone extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    this.input.addEventListener("change", () => this.show());
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => this.over(event));
    for (const name of ["dragleave", "dragend"]) this.addEventListener(name, (event) => this.left(event));
    this.addEventListener("drop", (event) => this.dropped(event));
    this.show();
  }

  over(event) {
    event.preventDefault();
    this.toggleAttribute("data-over", true);
  }

  left(event) {
    if (!this.contains(event.relatedTarget)) this.removeAttribute("data-over");
  }

  dropped(event) {
    event.preventDefault();
    this.removeAttribute("data-over");
    if (!event.dataTransfer?.files.length) return;
    const taken = new DataTransfer();
    const files = [...event.dataTransfer.files].slice(0, this.input.multiple ? undefined : 1);
    for (const file of files) taken.items.add(file);
    this.input.files = taken.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  problem(file) {
    const limit = Number(this.getAttribute("max-bytes") || 0);
    if (limit && file.size > limit) return this.getAttribute("too-large");
    const kinds = this.input.accept.split(",").map((kind) => kind.trim().toLowerCase());
    const endings = kinds.filter((kind) => kind.startsWith("."));
    const known = !endings.length || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
    return known ? "" : this.getAttribute("wrong-kind");
  }

  show() {
    const files = [...this.input.files];
    const problem = files.map((file) => this.problem(file)).find(Boolean) || "";
    this.toggleAttribute("data-filled", files.length > 0);
    this.querySelector(".dropzone-file").textContent = files.map((file) => file.name).join(", ");
    this.querySelector(".dropzone-problem").textContent = problem;
    this.input.setCustomValidity(problem);
  }
}
customElements.define("drop-zone", DropZone);

// A view on a page of its own, without a kernel: its traits stand in the page, and a stand-in for the
// kernel's side of the model keeps them.

const revive = (key, value) =>
  value && value.base64 !== undefined
    ? new DataView(Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0)).buffer)
    : value;

class PageModel {
  constructor(traits) {
    this.exported = true;
    this.traits = traits;
    this.listeners = {};
  }

  get(name) {
    return this.traits[name];
  }

  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const listener of [...(this.listeners["change:" + name] ?? [])]) listener();
  }

  save_changes() {}

  send() {}

  on(event, listener) {
    (this.listeners[event] ??= []).push(listener);
  }

  off(event, listener) {
    const others = (this.listeners[event] ?? []).filter((other) => other !== listener);
    this.listeners[event] = others;
  }
}

export function standalone(view) {
  const traits = JSON.parse(document.getElementById("traits").textContent, revive);
  view.render({ model: new PageModel(traits), el: document.getElementById("view") });
}

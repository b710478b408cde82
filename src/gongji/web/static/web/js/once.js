// A form is sent once: its buttons rest after the first submit. (The server decides the same by the form's number.)
export function watchForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.hasAttribute("hx-post") || form.closest("[data-live]")) return;
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    for (const button of buttonsOf(form)) {
      button.dataset.sent = "1";
      button.setAttribute("aria-disabled", "true");
    }
  });
  root.addEventListener("htmx:beforeRequest", (event) => rest(event.target, true));
  root.addEventListener("htmx:afterRequest", (event) => rest(event.target, false));
  // back from the page that followed: the form may be sent again
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
      for (const button of buttonsOf(form)) {
        delete button.dataset.sent;
        button.removeAttribute("aria-disabled");
      }
    }
  });
}

function buttonsOf(form) {
  return Array.from(form.elements).filter((one) => one.tagName === "BUTTON" && one.type === "submit");
}

function rest(element, busy) {
  if (!(element instanceof HTMLFormElement)) return;
  for (const button of buttonsOf(element)) button.disabled = busy;
  element.toggleAttribute("aria-busy", busy);
}

// Where the cursor is after a page or a part of it has changed.
export function keepFocus(root) {
  root.querySelector("[data-error-summary]")?.focus();
  root.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    if (!(part instanceof Element)) return;
    const wanted = part.matches?.("[data-focus], [data-error-summary]")
      ? part
      : part.querySelector?.("[data-error-summary], [data-focus], [autofocus]");
    if (wanted) wanted.focus();
    else if (root.activeElement === root.body) {
      if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
      part.focus({ preventScroll: true });
    }
  });
  // a link of the error summary leads into the field, not only to it
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.('.error-summary a[href^="#"]');
    const field = link && root.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const input = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
    (input ?? field).focus();
  });
}

// A scanner types like a keyboard, only faster, and ends with Enter. What it types goes to the page's scan field
// (data-scan), wherever the cursor stands; typing by hand stays where it is.
const FASTEST_HAND_MS = 35;
const SHORTEST = 6;

export function watchScans(root) {
  let typed = "";
  let last = 0;
  let field = null;
  let before = "";
  root.addEventListener("keydown", (event) => {
    const scan = root.querySelector("[data-scan]:not(:disabled)");
    if (!scan || event.ctrlKey || event.altKey || event.metaKey) return;
    const quick = event.timeStamp - last < FASTEST_HAND_MS;
    last = event.timeStamp;
    if (event.key === "Enter") {
      const scanned = quick && typed.length >= SHORTEST && event.target !== scan;
      const code = typed;
      typed = "";
      if (!scanned) return;
      event.preventDefault();
      event.stopPropagation();
      if (field) field.value = before;
      scan.value = code;
      scan.focus();
      scan.dispatchEvent(new Event("input", { bubbles: true }));
      scan.dispatchEvent(new Event("change", { bubbles: true }));
      if (scan.form && scan.dataset.scan !== "fill") scan.form.requestSubmit();
      return;
    }
    if (event.key.length !== 1) return;
    if (quick) {
      typed += event.key;
      return;
    }
    typed = event.key;
    field = "value" in event.target && event.target !== root.body ? event.target : null;
    before = field ? field.value : "";
  }, true);
}

// A scanner types like a keyboard, only faster, and ends with Enter. What it types goes to the page's scan field
// (data-scan), wherever the cursor stands; typing by hand stays where it is.
const PAUSE_MS = 200; // nobody puts the hand from the keyboard to the scanner in less
const SCANNER_MS = 45; // a sign, on average; no hand is that fast
const SHORTEST = 6;

export function watchScans(root) {
  let typed = null; // { code, since, last, field, before }
  root.addEventListener("keydown", (event) => {
    const scan = root.querySelector("[data-scan]:not(:disabled)");
    if (!scan || event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    if (typed && now - typed.last > PAUSE_MS) typed = null;
    if (event.key === "Enter") {
      const scanned = typed && typed.code.length >= SHORTEST && now - typed.since <= typed.code.length * SCANNER_MS;
      if (scanned && event.target !== scan) {
        event.preventDefault();
        event.stopPropagation();
        deliver(scan, typed);
      }
      typed = null;
    } else if (event.key.length === 1) {
      typed ??= begin(event, now);
      typed.code += event.key;
      typed.last = now;
    }
  }, true);
}

function begin(event, now) {
  const field = "value" in event.target ? event.target : null;
  return { code: "", since: now, last: now, field, before: field ? field.value : "" };
}

function deliver(scan, typed) {
  if (typed.field) typed.field.value = typed.before;
  scan.value = typed.code;
  scan.focus();
  scan.dispatchEvent(new Event("input", { bubbles: true }));
  scan.dispatchEvent(new Event("change", { bubbles: true }));
  if (scan.form && scan.dataset.scan !== "fill") scan.form.requestSubmit();
}

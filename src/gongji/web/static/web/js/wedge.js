// A scanner types like a keyboard, only faster, and ends with Enter. What it types goes to the page's scan field
// (data-scan), wherever the cursor stands; typing by hand stays where it is. What is scanned while the page is still busy
// with the last code waits its turn: no pack is lost to a fast hand.
const PAUSE_MS = 200; // nobody puts the hand from the keyboard to the scanner in less
const SCANNER_MS = 45; // a sign, on average; no hand is that fast
const SHORTEST = 6;

export function watchScans(root) {
  let typed = null; // { code, since, last, field, before }
  const waiting = [];
  root.addEventListener("htmx:afterSettle", () => next(root, waiting));
  root.addEventListener("htmx:sendError", () => waiting.splice(0));
  root.addEventListener("keydown", (event) => {
    const scan = root.querySelector("[data-scan]:not(:disabled)");
    if (!scan || event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    if (typed && now - typed.last > PAUSE_MS) typed = null;
    if (event.key === "Enter") {
      const scanned = typed && typed.code.length >= SHORTEST && now - typed.since <= typed.code.length * SCANNER_MS;
      const sent = event.target === scan && scan.value === typed?.code && !busy(scan); // Enter does it by itself
      if (scanned && !sent) {
        event.preventDefault();
        event.stopPropagation();
        if (typed.field) typed.field.value = typed.before;
        waiting.push(typed.code);
        next(root, waiting);
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

function next(root, waiting) {
  const scan = root.querySelector("[data-scan]:not(:disabled)");
  if (!scan || busy(scan) || waiting.length === 0) return;
  scan.value = waiting.shift();
  scan.focus();
  scan.dispatchEvent(new Event("input", { bubbles: true }));
  scan.dispatchEvent(new Event("change", { bubbles: true }));
  if (scan.form && scan.dataset.scan !== "fill") send(scan.form);
}

// as Enter would: by the form's first button, which says what the form is to do
function send(form) {
  const button = Array.from(form.elements).find((one) => one.tagName === "BUTTON" && one.type === "submit");
  if (button) button.click();
  else form.requestSubmit();
}

function busy(scan) {
  return scan.form?.hasAttribute("aria-busy") ?? false;
}

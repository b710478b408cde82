// Keys of the desk: an element with data-key="F8" is pressed (a button, a link) or focused (an input) by its key.
// "/" goes to the search field, Escape closes a menu, then goes where data-key="Escape" leads.
const TEXT = new Set(["INPUT", "TEXTAREA", "SELECT"]);

export function watchKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (root.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && closeMenu(root)) {
      event.preventDefault();
      return;
    }
    const typing = TEXT.has(event.target.tagName) || event.target.isContentEditable;
    if (event.key.length === 1 && typing) return;
    const target = targetOf(root, event.key);
    if (!target) return;
    // Escape in a field with something new in it leaves the field first, not the page
    if (event.key === "Escape" && typing && target.tagName === "A" && event.target.value !== event.target.defaultValue) {
      event.target.blur();
      return;
    }
    event.preventDefault();
    if (TEXT.has(target.tagName)) {
      target.focus();
      target.select?.();
    } else {
      target.focus();
      target.click();
    }
  });
  root.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

function targetOf(root, key) {
  const named = Array.from(root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`));
  const usable = named.find((one) => !one.disabled && one.getClientRects().length > 0);
  if (usable || key !== "/") return usable;
  return root.querySelector('main input[type="search"]');
}

function closeMenu(root) {
  const menu = root.querySelector("details[data-menu][open]");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

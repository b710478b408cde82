// "?" lists the keys of this page: those that stand on it (data-key), and those that work everywhere.
const NAMES = { Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };

export function watchHelp(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    open(root);
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-help]")) open(root);
    if (event.target.matches?.("dialog.help, dialog.help [data-close]")) event.target.closest("dialog").close();
  });
}

function open(root) {
  root.querySelector("dialog.help")?.remove();
  const dialog = root.createElement("dialog");
  dialog.className = "help card";
  dialog.setAttribute("aria-labelledby", "help-title");
  const title = add(dialog, "h2", "快捷键");
  title.id = "help-title";
  const list = add(dialog, "dl", "");
  list.className = "kv";
  for (const [keys, words] of keysOf(root)) {
    const term = add(list, "dt", "");
    for (const key of keys) add(term, "kbd", NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
    add(list, "dd", words);
  }
  const close = add(dialog, "button", "关闭");
  close.type = "button";
  close.className = "btn";
  close.dataset.close = "";
  root.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

function keysOf(root) {
  const found = new Map();
  for (const one of root.querySelectorAll("[data-key]")) {
    if (one.getClientRects().length && !one.disabled && !found.has(one.dataset.key)) found.set(one.dataset.key, wordsOf(root, one));
  }
  if (!found.has("/") && root.querySelector('main input[type="search"]')) found.set("/", "查找");
  const rows = root.querySelector("table[data-rows] tbody tr");
  return [
    ...Array.from(found, ([key, words]) => [[key], words]),
    ...(rows ? [[["ArrowUp", "ArrowDown"], "在表格的行间移动"], [["Enter"], "打开所在的行"]] : []),
    [["Tab"], "到下一个栏目或按钮"],
    [["?"], "本说明"],
  ];
}

// what stands on it, without the key itself; of an input its label; of the way back what it is
function wordsOf(root, one) {
  if (one.dataset.key === "Escape" && one.closest(".crumbs")) return `返回「${one.textContent.trim()}」`;
  const from = one.matches("input, select, textarea") ? one.labels?.[0] ?? one : one;
  const copy = from.cloneNode(true);
  for (const key of copy.querySelectorAll("kbd, svg")) key.remove();
  return copy.textContent.trim().replace(/\s+/g, " ") || one.getAttribute("aria-label") || one.placeholder || "";
}

function add(parent, name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  parent.append(made);
  return made;
}

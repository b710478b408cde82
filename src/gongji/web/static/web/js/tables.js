// Rows by keyboard: in a table with data-rows the arrow keys move, Enter opens the row's first link or button.
export function watchTables(root) {
  root.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("table[data-rows] tbody tr");
    if (!row || row !== event.target) return;
    const rows = Array.from(row.parentElement.querySelectorAll(":scope > tr[tabindex]"));
    const at = rows.indexOf(row);
    const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      go(rows, Math.max(0, Math.min(rows.length - 1, next)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      row.querySelector("a[href], button, input[type=radio]")?.click();
    }
  });
}

function go(rows, at) {
  for (const row of rows) row.tabIndex = -1;
  rows[at].tabIndex = 0;
  rows[at].focus();
}

// Cells learn the name of their column (for rows shown as cards), rows their place in the tab order, wide tables that they scroll.
export function labelTables(part) {
  const scope = part.querySelectorAll ? part : document;
  for (const table of scope.querySelectorAll("table.table--cards")) {
    const names = Array.from(table.querySelectorAll("thead th"), (head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      Array.from(row.cells).forEach((cell, at) => {
        if (cell.tagName === "TD" && cell.colSpan === 1 && names[at] && !cell.dataset.label) cell.dataset.label = names[at];
      });
    }
  }
  for (const table of scope.querySelectorAll("table[data-rows]")) {
    Array.from(table.querySelectorAll("tbody tr")).forEach((row, at) => { row.tabIndex = at === 0 ? 0 : -1; });
  }
  for (const box of scope.querySelectorAll(".table-box, .table, pre")) {
    if (box.scrollWidth > box.clientWidth && !box.hasAttribute("tabindex")) box.tabIndex = 0;
  }
}

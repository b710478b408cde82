// What the pages do with JavaScript; without it everything still works by links and forms.
import { watchForms } from "./once.js";
import { watchKeys } from "./keys.js";
import { watchScans } from "./wedge.js";
import { keepFocus } from "./focus.js";
import { watchTables, labelTables } from "./tables.js";
import { watchHints } from "./hints.js";
import { watchHelp } from "./help.js";

document.documentElement.classList.add("js");
watchForms(document);
watchKeys(document);
watchScans(document);
watchTables(document);
watchHints(document);
watchHelp(document);
keepFocus(document);
labelTables(document);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
document.addEventListener("htmx:afterSettle", (event) => labelTables(event.target));

// Small help while typing: characters left (data-count), an amount of money brought into form on leaving (data-amount).
export function watchHints(root) {
  root.addEventListener("input", (event) => {
    const input = event.target;
    if (!("count" in (input.dataset ?? {})) || !(input.maxLength > 0)) return;
    noteOf(input).textContent = `还可以写 ${input.maxLength - input.value.length} 字`;
  });
  root.addEventListener("change", (event) => {
    const input = event.target;
    if (!("amount" in (input.dataset ?? {}))) return;
    const plain = input.value.replace(/[\s,，¥￥元]/g, "").replace("。", ".");
    if (/^\d+(\.\d{1,2})?$/.test(plain)) {
      const [whole, cents = ""] = plain.split(".");
      input.value = `${whole.replace(/^0+(?=\d)/, "")}.${cents.padEnd(2, "0")}`;
    }
  });
}

function noteOf(input) {
  const id = `${input.id}_count`;
  let note = document.getElementById(id);
  if (!note) {
    note = document.createElement("p");
    note.id = id;
    note.className = "hint";
    note.setAttribute("aria-live", "polite");
    input.closest(".field")?.append(note);
  }
  return note;
}

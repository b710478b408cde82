({
  // what is wider than the screen, or cut off at its own edge
  overflow() {
    const scrolls = ".table-box, .receipt__lines, pre, .side ul, .tabs, table.table";
    const wide = document.documentElement.clientWidth;
    const name = (one) => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className}`;
    const all = Array.from(document.querySelectorAll("body *")).filter((one) => !one.closest(scrolls));
    const outside = document.documentElement.scrollWidth > wide
      ? all.filter((one) => one.getBoundingClientRect().width && one.getBoundingClientRect().right > wide + 1).map(name)
      : [];
    const page = document.documentElement.scrollWidth > wide ? [`page ${document.documentElement.scrollWidth}`] : [];
    const clipped = all.filter((one) => {
      if (!one.textContent.trim() || one.closest(".hidden-words, select, svg")) return false;
      const style = getComputedStyle(one);
      return style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && one.clientWidth > 1
        && one.scrollWidth > one.clientWidth + 1;
    });
    const covered = Array.from(document.querySelectorAll("header a, header button")).filter((one) => {
      const place = one.getBoundingClientRect();
      const there = place.width ? document.elementFromPoint(place.right - 3, place.top + place.height / 2) : null;
      return there && !one.contains(there) && !there.contains(one);
    });
    return [...page, ...covered.map((one) => `covered ${name(one)}`), ...outside.slice(0, 5), ...clipped.slice(0, 5).map((one) => `cut ${name(one)}`)];
  },

  // every text that a reader meets, but what is marked as code
  texts() {
    const skip = ".code, code, pre, kbd, [lang=en], input, script, style, .icon, .brand, time";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [document.title];
    while (walk.nextNode()) {
      const parent = walk.currentNode.parentElement;
      if (parent && !parent.closest(skip) && parent.checkVisibility()) texts.push(walk.currentNode.data);
    }
    for (const one of document.querySelectorAll("main [aria-label], main [title], main [placeholder]")) {
      for (const name of ["aria-label", "title", "placeholder"]) {
        if (one.hasAttribute(name) && !one.closest(".code, code, pre")) texts.push(one.getAttribute(name));
      }
    }
    return texts;
  },

  // lists, tables and charts with nothing in them
  empty() {
    const seen = (one) => one.checkVisibility() && one.getClientRects().length;
    const all = (selector) => Array.from(document.querySelectorAll(`main ${selector}`)).filter(seen);
    return [
      ...all(".empty").map((one) => one.textContent.trim().slice(0, 40)),
      ...all("table").filter((one) => !one.querySelector("tbody tr")).map(() => "a table without rows"),
      ...all("svg.bar").filter((one) => !one.querySelector("rect, polyline")).map(() => "a chart without marks"),
    ];
  },
})


"use strict";
// Sorts and filters the table of students, and hides names. It only moves rows, hides them and sets text: no text of the
// page becomes HTML or code. Without it the page shows everything in the order of the names.
(() => {
  const table = document.querySelector("table.class");
  const rows = [...table.tBodies[0].rows];
  const find = document.querySelector("[data-find]");
  const show = document.querySelector("[data-show]");
  const count = document.querySelector("[data-count]");
  const order = new Intl.Collator(undefined, { numeric: true });

  const text = (row, at) => row.cells[at].textContent.trim();
  const number = (row, at) => parseFloat(text(row, at).replace("−", "-"));

  function say(sorted = "") {
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = `${sorted}${shown} of ${rows.length} students`;
  }

  function filter() {
    const words = find.value.trim().toLowerCase().split(/\s+/);
    for (const row of rows) {
      const name = text(row, 0).toLowerCase();
      const named = words.every((word) => name.includes(word));
      row.hidden = !named || (show.value !== "" && !row.dataset.kinds.split(" ").includes(show.value));
    }
    say();
  }

  function sort(heading, direction) {
    const at = heading.cellIndex;
    const isNumber = heading.classList.contains("number");
    const sign = direction === "ascending" ? 1 : -1;
    const before = new Map(rows.map((row, place) => [row, place]));
    rows.sort((one, other) => {
      if (isNumber) {
        const [left, right] = [number(one, at), number(other, at)];
        if (Number.isNaN(left) || Number.isNaN(right)) {
          return Number.isNaN(left) - Number.isNaN(right) || before.get(one) - before.get(other);
        }
        return sign * (left - right) || before.get(one) - before.get(other);
      }
      return sign * order.compare(text(one, at), text(other, at)) || before.get(one) - before.get(other);
    });
    table.tBodies[0].append(...rows);
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", direction);
    say(`Sorted by ${heading.textContent}, ${direction}. `);
  }

  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      sort(heading, heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
    });
  }

  const hide = document.querySelector("[data-hide]");
  const names = [...document.querySelectorAll(".who, .private, .page")];
  const originals = new Map(names.map((each) => [each, [each.textContent, each.getAttribute("href")]]));

  function setHidden(hidden) {
    for (const each of names) {
      const [name, target] = originals.get(each);
      const stands = { who: `Student ${each.dataset.number}`, private: "…", page: name };
      each.textContent = hidden ? stands[each.className] : name;
      if (target !== null && !target.startsWith("#")) {
        if (hidden) each.removeAttribute("href");
        else each.setAttribute("href", target);
      }
    }
    hide.setAttribute("aria-pressed", String(hidden));
    find.value = "";
    sort(table.tHead.rows[0].cells[0], "ascending");
    filter();
    try {
      localStorage.setItem("names-hidden", hidden ? "1" : "");
    } catch {
      // a browser may keep nothing for a file; then each page is asked by itself
    }
  }

  function uncover() {
    const row = location.hash.startsWith("#student-") && document.getElementById(location.hash.slice(1));
    if (row && row.hidden) {
      find.value = show.value = "";
      filter();
      row.scrollIntoView();
    }
  }

  find.addEventListener("input", filter);
  show.addEventListener("change", filter);
  hide.addEventListener("click", () => setHidden(hide.getAttribute("aria-pressed") !== "true"));
  window.addEventListener("hashchange", uncover);
  for (const each of document.querySelectorAll(".controls, [data-hide]")) each.hidden = false;
  let wasHidden = false;
  try {
    wasHidden = localStorage.getItem("names-hidden") === "1";
  } catch {
    // as above
  }
  if (wasHidden) setHidden(true);
  else filter();
})();

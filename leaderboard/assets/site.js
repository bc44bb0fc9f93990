/* Sorting, filtering and choosing in the matrix; all of it stands in the address, and the page is whole without it. */
"use strict";
(() => {
  const state = () => new URLSearchParams(location.hash.slice(1));
  const keep = (entries) => {
    const wanted = state();
    for (const [key, value] of Object.entries(entries)) value ? wanted.set(key, value) : wanted.delete(key);
    const text = wanted.toString();
    // Not pushed: the back button leaves the page, it does not undo letters.
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  };

  const matrix = (form) => {
    const table = document.getElementById(form.dataset.for);
    const heads = [...table.querySelectorAll("thead th[data-axis]")];
    const axes = heads.map((head) => head.dataset.axis);
    const groups = [...table.tBodies].map((body) => {
      const rows = [...body.rows].filter((row) => row.dataset.model);
      return { body, rows, pinned: body.dataset.group === "baseline" || body.dataset.group === "control" };
    });
    const all = groups.flatMap((group) => group.rows);
    const own = (key) => form.dataset.for + "." + key; // several matrices may stand on one page
    const get = (key) => state().get(own(key)) || "";
    const set = (key, value) => { keep({ [own(key)]: value }); show(); };
    const gain = (row, place) => {
      const value = row.cells[place + 1].dataset.gain;
      return value === undefined ? -Infinity : Number(value);
    };

    heads.forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "↕";
      button.setAttribute("aria-label", "Sort by " + head.firstElementChild.textContent);
      button.addEventListener("click", () => {
        const now = get("sort");
        const axis = head.dataset.axis;
        set("sort", now === axis ? "-" + axis : now === "-" + axis ? "" : axis);
      });
      head.append(button);
    });
    all.forEach((row) => {
      const name = row.cells[0].querySelector("a").textContent;
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.setAttribute("aria-label", "Choose " + name);
      box.addEventListener("change", () => {
        const chosen = get("chosen").split(",").filter(Boolean).filter((slug) => slug !== row.dataset.model);
        if (box.checked) chosen.push(row.dataset.model);
        set("chosen", chosen.slice(-2).join(","));
      });
      label.append(box, "compare");
      label.className = "small";
      row.cells[0].append(label);
    });

    const show = () => {
      const sort = get("sort");
      const place = axes.indexOf(sort.replace("-", ""));
      heads.forEach((head, at) => {
        const button = head.querySelector("button");
        if (at === place) head.setAttribute("aria-sort", sort[0] === "-" ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
        button.textContent = at !== place ? "↕" : sort[0] === "-" ? "↑" : "↓";
      });
      groups.forEach(({ body, rows }) => {
        const order = [...rows];
        if (place >= 0) {
          const sign = sort[0] === "-" ? -1 : 1;
          order.sort((a, b) => sign * (gain(b, place) - gain(a, place)) || rows.indexOf(a) - rows.indexOf(b));
        }
        body.append(...order);
      });

      const asked = get("q").toLowerCase();
      const word = get("word");
      const on = axes.indexOf(get("on"));
      let shown = 0;
      groups.forEach(({ rows, pinned }) => rows.forEach((row) => {
        const cells = on >= 0 ? [row.cells[on + 1]] : [...row.cells].slice(1);
        const named = row.cells[0].querySelector("a").textContent.toLowerCase().includes(asked);
        const worded = !word || cells.some((cell) => cell.dataset.word === word);
        row.hidden = !pinned && !(named && worded); // baselines and controls stay: a score means nothing without them
        shown += !pinned && !row.hidden;
      }));

      const hidden = new Set(get("hide").split(",").filter((axis) => axes.includes(axis)));
      table.querySelectorAll("[data-hide]").forEach((cell) => cell.removeAttribute("data-hide"));
      [...table.rows].forEach((row) => {
        if (!row.dataset.model && !row.querySelector("th[data-axis]")) return;
        const first = row.dataset.model ? 1 : 0;
        axes.forEach((axis, at) => { if (hidden.has(axis)) row.cells[at + first].setAttribute("data-hide", ""); });
      });
      table.querySelectorAll("thead .block").forEach((block) => {
        const from = Number(block.dataset.from), to = from + Number(block.dataset.axes);
        const left = axes.slice(from, to).filter((axis) => !hidden.has(axis)).length;
        block.colSpan = left || 1;
        block.toggleAttribute("data-hide", !left);
      });
      table.querySelectorAll(".group th").forEach((cell) => { cell.colSpan = axes.length - hidden.size + 1; });

      const chosen = get("chosen").split(",").filter(Boolean);
      all.forEach((row) => { row.querySelector("input").checked = chosen.includes(row.dataset.model); });
      const compare = form.querySelector(".compare");
      compare.hidden = chosen.length !== 2;
      compare.href = compare.href.split("#")[0] + "#board=" + table.dataset.board + "&m=" + chosen.map(encodeURIComponent).join(",");

      form.elements.q.value = get("q");
      form.elements.word.value = word;
      form.elements.on.value = on >= 0 ? get("on") : "";
      form.querySelectorAll("[name=column]").forEach((box) => { box.checked = !hidden.has(box.value); });
      const changed = ["q", "word", "on", "hide", "sort", "chosen"].some(get);
      form.querySelector(".clear").hidden = !changed;
      const free = groups.filter((group) => !group.pinned).flatMap((group) => group.rows).length;
      form.querySelector(".shown").textContent = "Showing " + shown + " of " + free + (free === 1 ? " model" : " models") +
        (free < all.length ? "; baselines and controls stay" : "");
    };

    form.elements.q.addEventListener("input", (event) => set("q", event.target.value));
    form.elements.word.addEventListener("change", (event) => set("word", event.target.value));
    form.elements.on.addEventListener("change", (event) => set("on", event.target.value));
    form.querySelectorAll("[name=column]").forEach((box) => box.addEventListener("change", () => {
      const off = [...form.querySelectorAll("[name=column]")].filter((one) => !one.checked).map((one) => one.value);
      set("hide", off.length < axes.length ? off.join(",") : "");
    }));
    form.querySelector(".clear").addEventListener("click", () => {
      keep(Object.fromEntries(["q", "word", "on", "hide", "sort", "chosen"].map((key) => [own(key), ""])));
      show();
      form.elements.q.focus();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", show);
    form.hidden = false;
    show();
  };

  document.querySelectorAll("form.tools").forEach(matrix);
})();

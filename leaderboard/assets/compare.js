/* Two models side by side. Which two stands in the address: compare.html#board=B&m=ONE,OTHER. */
"use strict";
(() => {
  const form = document.getElementById("compare");
  const place = document.getElementById("compared");
  const sections = [...document.querySelectorAll("section[data-board]")];
  if (!sections.length) return;
  const root = document.documentElement.dataset.root;
  const most = 200;
  const state = () => new URLSearchParams(location.hash.slice(1));

  const make = (tag, text, attributes) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    return node;
  };
  const drawn = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const signed = (value) => {
    const text = Math.abs(value).toFixed(2);
    return text === "0.00" ? text : (value < 0 ? "−" : "+") + text;
  };
  const counts = (number) => number.toLocaleString("en");
  const bar = (value, low, high) => {
    const at = (gain) => String(Math.round(100 * (Math.min(Math.max(gain, -1), 1) + 1)));
    const svg = drawn("svg", { class: "bar", viewBox: "-6 0 212 16", "aria-hidden": "true", focusable: "false" });
    svg.append(drawn("path", { class: "scale", d: "M0 8H200" }), drawn("path", { class: "zero", d: "M100 0V16" }));
    svg.append(drawn("path", { class: "span", d: `M${at(low)} 8H${at(high)}` }));
    svg.append(drawn("circle", { cx: at(value), cy: "8", r: "5" }));
    return svg;
  };

  const models = (board) => {
    const section = sections.find((one) => one.dataset.board === board) || sections[0];
    return {
      board: section.dataset.board,
      rows: [...section.querySelectorAll("tr[data-model]")].map((row) => [row.dataset.model, row.querySelector("a").textContent]),
      axes: [...section.querySelectorAll("th[data-axis]")].map((head) => [head.dataset.axis, head.textContent]),
    };
  };
  const fill = (select, rows, chosen) => {
    select.replaceChildren(...rows.map(([slug, name]) => make("option", name, { value: slug })));
    select.value = chosen;
  };

  // Places on which exactly one of two strings of 1, 0 and - says right.
  const only = (mine, theirs) => {
    const found = [];
    for (let at = 0; at < mine.length; at += 1) if (mine[at] === "1" && theirs[at] === "0") found.push(at);
    return found;
  };
  const spoken = (axis, said, at) => {
    const where = einthoven.places(said)[at];
    if (where < 0) return "no usable answer";
    const value = axis.values[where];
    const words = Array.isArray(value) ? value.join(", ") || "none" : value;
    return words.replaceAll("_", " ");
  };

  const disagreements = (title, name, ids, sheet, ecgs, axis) => {
    const details = make("details");
    details.append(make("summary", `${title}: only ${name} is right on ${counts(ids.length)} ${ids.length === 1 ? "ECG" : "ECGs"}`));
    details.addEventListener("toggle", () => {
      if (!details.open || details.children.length > 1) return;
      const table = make("table", undefined, { class: "facts" });
      const head = table.createTHead().insertRow();
      for (const text of ["ECG", "Truth", ...sheet.map((one) => one.model)]) head.append(make("th", text, { scope: "col" }));
      const body = table.createTBody();
      const truth = ecgs.axes[axis];
      for (const at of ids.slice(0, most)) {
        const row = body.insertRow();
        const first = make("th", undefined, { scope: "row" });
        const page = ecgs.pages[at];
        first.append(page ? make("a", ecgs.ids[at], { href: root + page }) : make("span", ecgs.ids[at]));
        row.append(first, make("td", truth ? spoken(truth, truth.truth, at) : ""));
        for (const one of sheet) {
          const image = one.arms.indexOf("image");
          row.append(make("td", spoken(one.axes[axis], one.axes[axis].answers[image], at)));
        }
      }
      const region = make("div", undefined, { class: "scroll", tabindex: "0", role: "region", "aria-label": title });
      region.append(table);
      details.append(region);
      if (ids.length > most) details.append(make("p", `${ids.length - most} more`, { class: "small" }));
    });
    return details;
  };

  let turn = 0;
  const show = async () => {
    const now = (turn += 1);
    const wanted = state();
    const found = models(wanted.get("board"));
    const known = found.rows.map(([slug]) => slug);
    let [one, other] = (wanted.get("m") || "").split(",");
    if (!known.includes(one)) one = known[0];
    if (!known.includes(other) || other === one) other = known.find((slug) => slug !== one);
    form.elements.board.value = found.board;
    fill(form.elements.one, found.rows, one);
    fill(form.elements.other, found.rows.filter(([slug]) => slug !== one), other);
    sections.forEach((section) => { section.hidden = section.dataset.board !== found.board; });
    if (other === undefined) {
      place.replaceChildren(make("p", "There is only one model on this board."));
      return;
    }
    const names = Object.fromEntries(found.rows);
    let paired, ecgs, sheet;
    try {
      [paired, ecgs, ...sheet] = await Promise.all([
        einthoven.load(`${found.board}/paired/${one}`),
        einthoven.load(`${found.board}/ecgs`),
        einthoven.load(`${found.board}/answers/${one}`),
        einthoven.load(`${found.board}/answers/${other}`),
      ]);
    } catch (error) {
      place.replaceChildren(make("p", `The data of these two cannot be loaded: ${error.message}.`));
      return;
    }
    if (now !== turn) return; // another choice was made meanwhile

    const heading = make("h2", undefined, { id: "two" });
    heading.append(make("bdi", names[one]), " against ", make("bdi", names[other]));
    const table = make("table");
    table.createCaption().append(make("span", "First minus second, in informedness, on the same ECGs"));
    const head = table.createTHead().insertRow();
    for (const text of ["Axis", "Difference", "95 % interval", "Told apart?", "Only the first is right", "Only the second is right", "Both or neither"]) {
      head.append(make("th", text, { scope: "col" }));
    }
    const body = table.createTBody();
    const lists = [];
    for (const [axis, title] of found.axes) {
      const row = body.insertRow();
      row.append(make("th", title, { scope: "row" }));
      const gap = paired.axes[axis] && paired.axes[axis][other];
      const cell = row.insertCell();
      if (gap) cell.append(bar(gap[0], gap[1], gap[2]), make("b", signed(gap[0])));
      else cell.textContent = "too few cases";
      row.insertCell().textContent = gap ? `${signed(gap[1])} to ${signed(gap[2])}` : "–";
      row.insertCell().textContent = gap ? (gap[3] ? "yes" : "no") : "–";
      const rights = sheet.map((each) => each.axes[axis].right[each.arms.indexOf("image")]);
      const first = only(rights[0], rights[1]);
      const second = only(rights[1], rights[0]);
      const counted = [...rights[0]].filter((letter) => letter !== "-").length;
      row.insertCell().textContent = counts(first.length);
      row.insertCell().textContent = counts(second.length);
      row.insertCell().textContent = counts(counted - first.length - second.length);
      if (first.length) lists.push(disagreements(title, names[one], first, sheet, ecgs, axis));
      if (second.length) lists.push(disagreements(title, names[other], second, sheet, ecgs, axis));
    }
    const region = make("div", undefined, { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "two" });
    region.append(table);
    place.replaceChildren(heading, region, make("h3", "ECGs on which they disagree"), ...lists);
  };

  const choose = (board, one, other) => {
    const wanted = new URLSearchParams({ board, m: [one, other].filter(Boolean).join(",") });
    history.replaceState(null, "", "#" + wanted.toString().replaceAll("%2C", ","));
    show();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.board.addEventListener("change", (event) => choose(event.target.value, "", ""));
  for (const name of ["one", "other"]) {
    form.elements[name].addEventListener("change", () =>
      choose(form.elements.board.value, form.elements.one.value, form.elements.other.value));
  }
  form.elements.swap.addEventListener("click", () =>
    choose(form.elements.board.value, form.elements.other.value, form.elements.one.value));
  window.addEventListener("hashchange", show);
  form.hidden = false;
  show();
})();

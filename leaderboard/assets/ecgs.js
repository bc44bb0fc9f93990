// Filters of the list of ECGs: by truth, and by who was right. The state stands in the address.
"use strict";
(() => {
  const form = document.getElementById("filters");
  const parts = [...document.getElementById("ecgs").tBodies];
  const rows = parts.flatMap((part) => [...part.rows]);
  const shown = document.getElementById("shown");
  const names = ["axis", "value", "model", "score", "pictures"];
  const at = Object.fromEntries(names.map((name) => [name, form.elements.namedItem(name)]));
  let truth = null;
  document.querySelector(".without").remove();
  let turn = 0;

  const spoken = (value) => (Array.isArray(value) ? value.join(", ") || "none" : value).replaceAll("_", " ");

  // A set's labels are offered one by one: an ECG shows a label whatever else it shows.
  function offered(axis) {
    if (axis.kind === "categorical") return axis.values;
    const labels = new Set(axis.values.flat());
    return [...[...labels].sort(), "none"];
  }

  function offer() {
    const before = at.value.value;
    at.value.replaceChildren(new Option("anything", ""));
    if (truth && at.axis.value) {
      for (const value of offered(truth.axes[at.axis.value])) at.value.add(new Option(spoken(value), value));
      at.value.add(new Option("masked", "?"));
    }
    at.value.value = before;
    if (at.value.selectedIndex < 0) at.value.selectedIndex = 0;
  }

  function places(text) { return window.einthoven.places(text); }

  function ofTruth(axis, wanted) {
    const fits = axis.values.map((value) =>
      Array.isArray(value) ? (wanted === "none" ? !value.length : value.includes(wanted)) : value === wanted);
    return places(axis.truth).map((place) => (place < 0 ? wanted === "?" : fits[place]));
  }

  // Right on the chosen axis; without one, on every axis that counts. Wrong: on it, or on any.
  function ofScore(sheet, axis, wanted) {
    const arm = sheet.arms.indexOf("image");
    const marks = (axis ? [sheet.axes[axis]] : Object.values(sheet.axes)).map((each) => each.right[arm]);
    return rows.map((_, row) => {
      const counted = marks.map((text) => text[row]).filter((mark) => mark !== "-");
      if (!counted.length) return false;
      return wanted === "1" ? !counted.includes("0") : counted.includes("0");
    });
  }

  async function filter() {
    const mine = ++turn;
    const keep = rows.map(() => true);
    const narrow = (found) => found.forEach((fits, row) => { keep[row] &&= fits; });
    try {
      truth ||= await window.einthoven.load(form.dataset.key);
      offer();
      recall();
      const axis = at.axis.value;
      if (axis && at.value.value) narrow(ofTruth(truth.axes[axis], at.value.value));
      if (at.model.value && at.score.value) {
        const sheet = await window.einthoven.load(form.dataset.answers + at.model.value);
        narrow(ofScore(sheet, axis, at.score.value).map((fits, row) => fits));
      }
    } catch (error) {
      shown.textContent = `The list cannot be filtered: ${error.message}`;
      return;
    }
    if (mine !== turn) return; // a later choice is being worked on
    if (at.pictures.checked) narrow(rows.map((row) => row.querySelector(".pic") !== null));
    rows.forEach((row, place) => { row.hidden = !keep[place]; });
    // A part out of sight keeps the height it had: without rows it has none.
    parts.forEach((part) => { part.hidden = [...part.rows].every((row) => row.hidden); });
    shown.textContent = `Showing ${keep.filter(Boolean).length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  }

  let wanted = {};
  function recall() {
    for (const [name, value] of Object.entries(wanted)) {
      if (name === "pictures") at.pictures.checked = value === "1" && !at.pictures.disabled;
      else if ([...at[name].options].some((option) => option.value === value)) at[name].value = value;
      if (name === "axis") offer();
    }
    wanted = {};
  }

  function read() {
    wanted = {};
    const given = new URLSearchParams(location.hash.slice(1));
    for (const name of names) if (given.has(name)) wanted[name] = given.get(name);
  }

  function remember() {
    const state = new URLSearchParams();
    for (const name of names) {
      const value = name === "pictures" ? (at.pictures.checked ? "1" : "") : at[name].value;
      if (value) state.set(name, value);
    }
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  }

  form.addEventListener("change", () => { offer(); filter(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { offer(); filter(); remember(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => {
    for (const name of names) if (name === "pictures") at.pictures.checked = false; else at[name].value = "";
    read();
    filter();
  });
  form.hidden = false;
  read();
  if (Object.keys(wanted).length) filter();
  else {
    shown.textContent = `Showing ${rows.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
    form.addEventListener("focusin", () => { window.einthoven.load(form.dataset.key).then((found) => { truth = found; offer(); }); }, { once: true });
  }
})();

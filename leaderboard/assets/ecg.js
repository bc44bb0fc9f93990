// The raw answers to one ECG, arm by arm. What a model wrote is only ever put in as text.
"use strict";
(() => {
  const form = document.getElementById("raw");
  const list = document.getElementById("answers");
  const count = document.getElementById("raw-count");
  const arm = form.elements.namedItem("arm");
  const model = form.elements.namedItem("model");
  let data = null, board = null;
  document.querySelector(".without").remove();

  // Nothing invisible and nothing that turns the line around, but for line breaks and tabs.
  const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n" || character === "\t" ? character : `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`);

  function element(name, text, parent, kind) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    parent.append(made);
    return made;
  }

  function scored(marks) {
    const right = board.axes.filter((_, place) => marks[place] === "1");
    const counted = [...marks].filter((mark) => mark !== "-").length;
    if (!counted) return "not scored against this ECG's truth";
    return `${right.length} of ${counted} axes right${right.length ? `: ${right.join(", ")}` : ""}`;
  }

  function show() {
    const wanted = board.arms.indexOf(arm.value);
    const part = model.value.trim().toLowerCase();
    const asked = (data.given[wanted] || []).map((place, who) => [who, place]).filter(([, place]) => place >= 0);
    const rows = asked.filter(([who]) => board.models[who][0].toLowerCase().includes(part));
    list.replaceChildren();
    for (const [who, place] of rows) {
      const [name, slug] = board.models[who];
      const note = data.note[place];
      const box = element("article", "", list, "answer");
      const link = element("a", "", element("h3", "", box));
      link.href = `${form.dataset.models}${encodeURIComponent(slug)}.html`;
      element("bdi", name, link);
      element("p", `${board.statuses[data.status[place]]}${note ? ` (${visible(note)})` : ""}; ${scored(data.marks[place])}`, box, "small");
      const words = element("pre", visible(data.texts[data.text[place]]) || "(an empty answer)", box);
      words.tabIndex = 0;
      words.setAttribute("role", "region");
      words.setAttribute("aria-label", `Answer of ${name}`);
    }
    count.textContent = `Showing ${rows.length} of ${asked.length} answers`;
  }

  function remember() {
    const rest = location.hash.slice(1).split("&").filter((part) => part && !/^(arm|model)=/.test(part));
    if (arm.selectedIndex > 0) rest.push(`arm=${encodeURIComponent(arm.value)}`);
    if (model.value.trim()) rest.push(`model=${encodeURIComponent(model.value.trim())}`);
    history.replaceState(null, "", `#${rest.join("&")}`);
  }

  function recall() {
    for (const part of location.hash.slice(1).split("&")) {
      const [key, value = ""] = part.split("=");
      let text;
      try { text = decodeURIComponent(value); } catch { continue; }
      if (key === "arm" && [...arm.options].some((option) => option.value === text)) arm.value = text;
      if (key === "model") model.value = text;
    }
  }

  async function start() {
    try {
      [board, data] = await Promise.all([form.dataset.asked, form.dataset.key].map(window.einthoven.load));
    } catch (error) {
      count.textContent = `The raw answers cannot be read: ${error.message}`;
      form.hidden = false;
      return;
    }
    recall();
    form.hidden = false;
    show();
  }

  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => { recall(); if (data) show(); });
  // They are long, and most readers stop above: loaded when the section comes near, or at once for a deep link.
  const near = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) { near.disconnect(); start(); }
  }, { rootMargin: "600px" });
  if (/[#&](arm|model)=/.test(location.hash)) start();
  else near.observe(document.getElementById("raw-title"));
})();

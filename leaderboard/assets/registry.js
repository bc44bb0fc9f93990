// Loads data/KEY.js on demand and gives what is in it. Works from file://, where fetch is blocked.
"use strict";
(() => {
  const root = new URL("../", document.currentScript.src).href;
  const waiting = new Map();
  const plain = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._";
  const blocks = [[0x4e00, 0x9fff], [0x20000, 0x2a6df]];

  async function unpacked(packed) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  }

  function load(key) {
    if (!/^[a-z0-9._~-]+(\/[a-z0-9._~-]+)*$/.test(key)) return Promise.reject(new Error("no such data"));
    if (!waiting.has(key)) {
      const entry = {};
      entry.promise = new Promise((done, failed) => { entry.done = done; entry.failed = failed; });
      waiting.set(key, entry);
      const script = document.createElement("script");
      script.src = `${root}data/${key}.js`;
      script.onerror = () => { waiting.delete(key); entry.failed(new Error(`data/${key}.js is missing`)); };
      document.head.append(script);
    }
    return waiting.get(key).promise;
  }

  // The place in a legend that a character stands for: -1 no usable answer, -2 not asked.
  function at(character) {
    if (character === "!") return -1;
    if (character === "-") return -2;
    const place = plain.indexOf(character);
    if (place >= 0) return place;
    const point = character.codePointAt(0);
    let before = plain.length;
    for (const [first, last] of blocks) {
      if (point >= first && point <= last) return before + point - first;
      before += last - first + 1;
    }
    return -2;
  }

  window.einthovenData = (key, packed) => {
    const entry = waiting.get(key);
    if (entry) unpacked(packed).then(entry.done, entry.failed);
  };
  window.einthoven = { load, at, places: (text) => Array.from(text, at) };
})();

// Calipers on the millimetre paper: one unit of the drawing is 0.1 mm, 4 ms by 0.01 mV.
"use strict";
(() => {
  const paper = document.getElementById("trace");
  const panel = document.getElementById("calipers");
  const button = document.getElementById("calipers-on");
  const measured = document.getElementById("measured");
  const { width, height } = paper.viewBox.baseVal;
  const arms = [{ x: 650, y: 250 }, { x: 900, y: 150 }];
  let on = false;

  const make = (name, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  };
  const layer = make("g", {}, paper);
  const span = make("rect", { class: "span" }, layer);
  arms.forEach((arm, number) => {
    arm.group = make("g", {
      class: "arm", tabindex: "0", role: "slider", "aria-describedby": "calipers-help",
      "aria-label": `Caliper arm ${number + 1}`, "aria-valuemin": "0", "aria-valuemax": String(width * 4),
    }, layer);
    arm.cross = make("path", {}, arm.group);
    arm.dot = make("circle", { r: "14" }, arm.group);
  });

  const millivolts = (units) => `${units < 0 ? "−" : ""}${(Math.abs(units) / 100).toFixed(2)} mV`;

  function words() {
    const ms = Math.abs(arms[1].x - arms[0].x) * 4;
    const [left, right] = arms[0].x <= arms[1].x ? arms : [arms[1], arms[0]];
    const rate = ms ? `, ${Math.round(60000 / ms)} bpm` : "";
    return `${ms} ms${rate}, ${millivolts(left.y - right.y)}`;
  }

  function draw() {
    layer.setAttribute("display", on ? "inline" : "none");
    paper.classList.toggle("measuring", on);
    button.setAttribute("aria-pressed", String(on));
    const text = on ? words() : "";
    if (measured.textContent !== text) measured.textContent = text;
    for (const { x, y, group, cross, dot } of arms) {
      cross.setAttribute("d", `M${x} 0V${height}M${x - 60} ${y}H${x + 60}`);
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", y);
      group.setAttribute("aria-valuenow", String(x * 4));
      group.setAttribute("aria-valuetext", `${x * 4} ms from the left edge; between the arms ${words()}`);
    }
    const [one, two] = arms;
    span.setAttribute("x", Math.min(one.x, two.x));
    span.setAttribute("width", Math.abs(one.x - two.x));
    span.setAttribute("y", Math.min(one.y, two.y));
    span.setAttribute("height", Math.abs(one.y - two.y));
  }

  const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);

  function place(arm, x, y) {
    arm.x = within(x, width);
    arm.y = within(y, height);
    draw();
  }

  function remember() {
    const rest = location.hash.slice(1).split("&").filter((part) => part && !part.startsWith("calipers="));
    if (on) rest.push(`calipers=${arms.map(({ x, y }) => `${x},${y}`).join(",")}`);
    history.replaceState(null, "", `#${rest.join("&")}`);
  }

  function recall() {
    const found = /(?:^#|&)calipers=(\d+),(\d+),(\d+),(\d+)(?:&|$)/.exec(location.hash);
    if (!found) return;
    on = true;
    place(arms[0], Number(found[1]), Number(found[2]));
    place(arms[1], Number(found[3]), Number(found[4]));
  }

  function point(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(paper.getScreenCTM().inverse());
    return [x, y];
  }

  button.addEventListener("click", () => { on = !on; draw(); remember(); });
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  for (const arm of arms) {
    arm.group.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const far = event.shiftKey ? 10 : 1;
      place(arm, arm.x + far * step[0], arm.y + far * step[1]);
      remember();
    });
  }
  paper.addEventListener("pointerdown", (event) => {
    if (!on || event.button !== 0) return;
    let held = arms.find(({ group }) => group.contains(event.target));
    if (!held && event.pointerType !== "mouse") return; // a finger on the paper scrolls it
    event.preventDefault();
    if (!held) {
      place(arms[0], ...point(event));
      place(arms[1], ...point(event));
      held = arms[1];
    }
    held.group.focus();
    const [x, y] = point(event);
    const [besideX, besideY] = [held.x - x, held.y - y];
    const move = (moved) => {
      const [toX, toY] = point(moved);
      place(held, toX + besideX, toY + besideY);
    };
    const end = () => {
      paper.removeEventListener("pointermove", move);
      paper.removeEventListener("pointerup", end);
      paper.removeEventListener("pointercancel", end);
      remember();
    };
    paper.setPointerCapture(event.pointerId);
    paper.addEventListener("pointermove", move);
    paper.addEventListener("pointerup", end);
    paper.addEventListener("pointercancel", end);
  });
  window.addEventListener("hashchange", recall);
  panel.hidden = false;
  recall();
  draw();
})();

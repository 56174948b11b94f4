"use strict";
// Draws a function between what invokes it and what its role may touch. `svg` makes elements.
const picture = (fn, grants, svg) => {
  const MOST = 8;
  const ROW = 46;
  const GAP = 10;
  const narrow = window.matchMedia("(max-width: 720px)").matches;
  const wide = narrow ? 380 : 1100;
  const box = narrow ? 380 : 318;
  const cut = (text, letters) => (text.length > letters ? text.slice(0, letters - 1) + "…" : text);
  const few = (items) => items.slice(0, 2).join(", ") + (items.length > 2 ? ` and ${items.length - 2} more` : "");

  function shown(rows, what) {
    if (rows.length <= MOST) return rows;
    const rest = rows.slice(MOST - 1);
    return [...rows.slice(0, MOST - 1), { title: `and ${rest.length} more`, text: "below", open: rest.some((r) => r.open), what }];
  }

  // What anyone can use comes first: it is never among those that are left out.
  const left = shown([...fn.invokers].sort((a, b) => (b.public === "yes") - (a.public === "yes")).map((i) => ({
    title: i.way, text: i.name, open: i.public === "yes", alarm: i.public === "yes" ? "anyone" : "",
  })));
  const services = new Map();
  for (const g of grants) {
    if (g.effect !== "Allow") continue;
    if (!services.has(g.service)) services.set(g.service, { names: new Set(), actions: new Set() });
    g.names.forEach((name) => services.get(g.service).names.add(name));
    g.actions.forEach((action) => services.get(g.service).actions.add(action));
  }
  const right = shown([...services].map(([title, { names, actions }]) => {
    const every = names.has("everything");
    const own = [...names].filter((name) => name !== "everything");
    const all = [...actions].some((action) => /^(\*|[^:]+:\*)$/.test(action));
    const number = all ? "every action" : `${actions.size} ${actions.size === 1 ? "action" : "actions"}`;
    return { title, text: `${number} on ${every ? "any resource" : few(own)}`, open: every && all, alarm: every && all ? "everything" : "" };
  }));

  const tall = (rows) => Math.max(1, rows.length) * (ROW + GAP) - GAP;
  const parts = [];

  function draw(row, x, y, kind) {
    const width = kind === "self" && !narrow ? 272 : box;
    const room = (width - 24 - (row.alarm ? row.alarm.length * 7 + 8 : 0)) / 8.5; // in bold letters
    parts.push(svg("g", {},
      svg("title", {}, `${row.title} ${row.text}`),
      svg("rect", { x: x + 1, y: y + 1, width: width - 2, height: ROW - 2, rx: 5, class: "box " + (kind === "self" ? "self" : row.open ? "open" : "") }),
      svg("text", { x: x + 12, y: y + 19, class: "name" }, cut(row.title, Math.floor(room))),
      svg("text", { x: x + 12, y: y + 36, class: "small" }, cut(row.text, Math.floor((width - 24) / 6.8))),
      row.alarm ? svg("text", { x: x + width - 12, y: y + 19, class: "alarm", "text-anchor": "end" }, row.alarm) : ""));
  }

  const arrow = (x, y, down) => svg("path", { d: down ? `M${x - 5},${y - 9}L${x},${y}L${x + 5},${y - 9}Z` : `M${x - 9},${y - 5}L${x},${y}L${x - 9},${y + 5}Z`, class: "arrow" });
  const none = (text) => [{ title: text, text: "as far as could be seen" }];
  const lefts = left.length ? left : none("Nothing invokes it");
  const rights = right.length ? right : none("It may touch nothing");
  const self = { title: fn.name, text: fn.runtime };
  let height = 0;

  if (narrow) {
    let y = 0;
    for (const row of lefts) { draw(row, 0, y); y += ROW + GAP; }
    parts.push(svg("path", { d: `M190,${y - GAP}V${y + 22}` }), arrow(190, y + 24, true));
    y += 24;
    draw(self, 0, y, "self");
    y += ROW;
    parts.push(svg("path", { d: `M190,${y}V${y + 32}` }), arrow(190, y + 34, true));
    y += 34;
    for (const row of rights) { draw(row, 0, y); y += ROW + GAP; }
    height = y - GAP;
  } else {
    height = Math.max(tall(lefts), tall(rights), ROW);
    const middle = height / 2;
    const from = 414;
    const to = from + 272;
    const at = (rows, i) => (height - tall(rows)) / 2 + i * (ROW + GAP);
    lefts.forEach((row, i) => {
      const y = at(lefts, i) + ROW / 2;
      parts.push(svg("path", { d: `M${box},${y}C${box + 48},${y} ${from - 56},${middle} ${from - 8},${middle}`, class: row.open ? "open" : "" }));
      draw(row, 0, at(lefts, i));
    });
    parts.push(arrow(from, middle, false));
    rights.forEach((row, i) => {
      const y = at(rights, i) + ROW / 2;
      parts.push(svg("path", { d: `M${to},${middle}C${to + 48},${middle} ${wide - box - 56},${y} ${wide - box - 8},${y}`, class: row.open ? "open" : "" }),
        arrow(wide - box, y, false));
      draw(row, wide - box, at(rights, i));
    });
    draw(self, from, middle - ROW / 2, "self");
  }
  const words = (rows) => rows.map((row) => `${row.title} ${row.text}${row.alarm ? ` (${row.alarm})` : ""}`).join("; ");
  return svg("svg", {
    viewBox: `0 0 ${wide} ${height}`, role: "img",
    "aria-label": `Invoked by: ${words(lefts)}. ${fn.name} may touch: ${words(rights)}.`,
  }, parts);
};

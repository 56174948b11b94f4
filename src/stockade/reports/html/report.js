"use strict";
// Draws the page from its data. Elements are made and their texts set; nothing is ever read as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { functions, rules, severities, texts, paths } = data;
  const findings = data.findings.map(([rule, severity, message, own, path, line, notes, source, more]) =>
    ({ rule, severity, message, functions: own, path, line, notes, source, verdict: "fail", ...more }));
  const PAGE = 60; // rows that are drawn at once; more are when one comes near their end
  const WORDS = { fail: "fault", unsure: "can't tell", suppressed: "suppressed" };
  const VERDICTS = ["Fails", "Can't be told", "Passes", "Doesn't apply"];
  const CLASSES = ["fail", "unknown", "pass", "not_applicable"];

  // ------------------------------------------------------------------------------------------------------- elements

  function fill(node, children) {
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  }

  function h(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "click") node.addEventListener("click", value);
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value === true ? "" : value);
    }
    return fill(node, children);
  }

  function svg(name, attributes, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return fill(node, children);
  }

  // A sentence: what stands between backticks is code.
  const prose = (text) => text.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));
  const plural = (n, word, words) => `${n.toLocaleString("en")} ${n === 1 ? word : words || word + "s"}`;
  const link = (place, ...children) => h("a", { href: "#/" + place }, ...children);

  // ---------------------------------------------------------------------------------------------------------- counts

  const faults = findings.filter((f) => f.verdict === "fail");
  const totals = severities.map((_, s) => faults.filter((f) => f.severity === s).length);
  functions.forEach((fn, id) => {
    fn.id = id;
    fn.counts = severities.map(() => 0);
    fn.found = [];
    fn.runtime = texts[fn.runtime];
    fn.invokers = fn.invokers.map((words) => {
      const [way, name, how, open, when] = words.map((t) => texts[t]);
      return { way, name, how, public: open, when };
    });
    fn.open = fn.invokers.some((i) => i.public === "yes");
  });
  for (const f of findings) {
    for (const id of f.functions) {
      functions[id].found.push(f);
      if (f.verdict === "fail") functions[id].counts[f.severity] += 1;
    }
  }
  const worse = (a, b) => {
    for (let s = 0; s < severities.length; s += 1) if (a.counts[s] !== b.counts[s]) return b.counts[s] - a.counts[s];
    return b.open - a.open || a.id - b.id;
  };
  const ranked = [...functions].sort(worse);
  const alike = new Map();
  for (const fn of functions) alike.set(fn.name, (alike.get(fn.name) || 0) + 1);
  const nameOf = (fn) => (alike.get(fn.name) > 1 && fn.path !== undefined ? `${fn.name} (${paths[fn.path]}:${fn.line})` : fn.name);
  const counts = (numbers) =>
    h("span", { class: "counts" }, numbers.map((n, s) => n > 0 && h("span", { class: severities[s] }, `${n} ${severities[s]}`)));

  // ------------------------------------------------------------------------------------------------------------ head

  const state = { text: "", severity: "", verdict: "", rule: "", path: "", group: "severity" };

  function head() {
    const facts = [
      new Date(data.day).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" }), plural(functions.length, "function"), plural(rules.length, "rule"), `persona ${data.persona}`,
    ].join(" · ");
    const tally = severities.map((name, s) => totals[s] > 0 && h("li", {},
      h("button", { class: name, type: "button", "aria-pressed": "false", "data-severity": name, click: () => only(name) },
        h("b", {}, totals[s].toLocaleString("en")), h("span", {}, name))));
    const worst = ranked.filter((fn) => fn.counts.some((n) => n)).slice(0, 5);
    const open = ranked.filter((fn) => fn.open);
    return h("header", {},
      h("p", { class: "brand" }, "Stockade report"),
      h("h1", {}, data.title),
      h("p", { class: "facts" }, facts),
      faults.length ? h("ul", { class: "tally", "aria-label": "Findings by severity" }, tally) : h("p", {}, "No findings."),
      worst.length > 0 && h("div", { class: "first" },
        h("section", {}, h("h2", { class: "minor" }, "Look at these functions first"),
          h("ol", {}, worst.map((fn) => h("li", {}, link("function/" + fn.id, nameOf(fn)), counts(fn.counts))))),
        h("section", {}, h("h2", { class: "minor" }, "Anyone on the internet can invoke"),
          open.length === 0 ? h("p", { class: "quiet" }, "None of the functions, as far as could be seen.")
            : h("ul", {}, open.slice(0, 5).map((fn) => h("li", {}, link("function/" + fn.id, nameOf(fn)),
              h("span", { class: "quiet" }, [...new Set(fn.invokers.filter((i) => i.public === "yes").map((i) => i.way))].join(", ")))),
            open.length > 5 && h("li", {}, h("span", { class: "quiet" }, `and ${open.length - 5} more`))))));
  }

  function only(severity) {
    Object.assign(state, { text: "", rule: "", path: "", verdict: "", severity: state.severity === severity ? "" : severity });
    if (location.hash === "#/findings") route();
    else location.hash = "#/findings";
  }

  // --------------------------------------------------------------------------------------------------- lists, in parts

  // Draws rows into a box as one comes near their end, so that their number takes no time. The button goes below the box.
  function lazily(box, rows, draw) {
    let shown = 0;
    const more = h("button", { class: "more", type: "button", click: () => next() }, "Show more");
    // Told of a button that has left the page since, as one's search made another list: the box is no longer its own.
    const seen = (entries) => { if (more.isConnected && entries.some((e) => e.isIntersecting)) next(); };
    const watcher = new IntersectionObserver(seen, { rootMargin: "600px" });
    function next() {
      fill(box, rows.slice(shown, shown + PAGE).map(draw));
      shown += PAGE;
      // What is in sight is told once: where more has room, the next part is asked for anew.
      watcher.unobserve(more);
      if (shown < rows.length) watcher.observe(more);
      else more.hidden = true;
    }
    next();
    return more;
  }

  // -------------------------------------------------------------------------------------------------------- a finding

  function source([path, stretches, marks]) {
    const rows = [];
    for (const [first, lines] of stretches) {
      if (rows.length) rows.push(h("div", { class: "fold" }, h("span", { class: "number" }, "…")));
      lines.forEach((text, i) => {
        const own = marks.filter((m) => m[0] === first + i).map(([, ...mark]) => mark);
        rows.push(h("div", {}, h("span", { class: "number" }, first + i), h("span", {}, marked(texts[text], own)),
          own.filter((m) => texts[m[2]]).map((m) => h("span", { class: "word" }, texts[m[2]].replaceAll("`", "")))));
      });
    }
    return h("figure", { class: "source" }, h("figcaption", {}, paths[path]),
      h("pre", { tabindex: "0", "aria-label": "source of " + paths[path] }, rows));
  }

  function marked(text, marks) {
    const parts = [];
    let at = 0;
    for (const [start, end, , primary] of [...marks].sort((a, b) => a[0] - b[0])) {
      if (start < at) continue;
      parts.push(text.slice(at, start), h("mark", primary ? {} : { class: "beside" }, text.slice(start, end) || " "));
      at = end;
    }
    return [...parts, text.slice(at)];
  }

  function change(hunks) {
    const rows = hunks.map(([, heading, signs, lines]) => [
      h("div", { class: "at" }, heading),
      lines.map((line, i) => h("div", { class: signs[i] === "+" ? "added" : signs[i] === "-" ? "removed" : "" },
        h("span", { class: "sign-of" }, signs[i]), h("span", {}, texts[line] || " "))),
    ]);
    const files = [...new Set(hunks.map((hunk) => paths[hunk[0]]))].join(", ");
    return h("figure", { class: "source" }, h("figcaption", {}, "The fix, in " + files),
      h("pre", { tabindex: "0", "aria-label": "the fix as a difference" }, rows));
  }

  function body(f) {
    const said = f.notes.map(([kind, text]) => [h("dt", {}, texts[kind]), h("dd", {}, prose(texts[text]))]);
    if (f.suppressed !== undefined) said.unshift([h("dt", {}, "suppressed"), h("dd", {}, texts[f.suppressed])]);
    return h("div", { class: "body" }, f.source.map(source), said.length > 0 && h("dl", { class: "notes" }, said),
      f.change && change(f.change),
      h("p", { class: "quiet" }, "Rule: ", rules[f.rule][2], ". ", h("code", {}, "stockade explain " + rules[f.rule][0]), " tells more."));
  }

  function finding(f, open) {
    const word = f.verdict === "fail" ? severities[f.severity] : WORDS[f.verdict];
    const sign = h("span", { class: "sign", "aria-hidden": "true" }, "+");
    let inner = null;
    const button = h("button", { class: "toggle", type: "button", "aria-expanded": "false", click: () => turn() },
      h("span", { class: "severity " + (f.verdict === "fail" ? word : f.verdict) }, word),
      h("span", { class: "said" }, prose(texts[f.message])), sign);
    const names = f.functions.slice(0, 3).map((id) => link("function/" + id, functions[id].name));
    const node = h("article", { class: "finding" }, button, h("div", { class: "meta" },
      h("span", {}, rules[f.rule][0] + " " + rules[f.rule][1]),
      f.path !== null && h("span", { class: "path" }, `${paths[f.path]}:${f.line}`),
      names.length > 0 && h("span", {}, names.flatMap((n, i) => (i ? [", ", n] : [n])),
        f.functions.length > 3 && ` and ${f.functions.length - 3} more`),
      f.fix && h("span", {}, f.fix === "safe" ? "has a fix" : "has an unsafe fix")));
    function turn() {
      const opened = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!opened));
      sign.textContent = opened ? "+" : "–";
      if (!inner) node.append((inner = body(f)));
      inner.hidden = opened;
    }
    if (open) turn();
    return node;
  }

  // --------------------------------------------------------------------------------------------------------- findings

  function wanted(f) {
    if (state.severity && severities[f.severity] !== state.severity) return false;
    if (state.verdict && f.verdict !== state.verdict) return false;
    if (state.rule && rules[f.rule][0] !== state.rule) return false;
    if (state.path && (f.path === null || paths[f.path] !== state.path)) return false;
    return !state.text || haystack(f).includes(state.text.toLowerCase());
  }

  function haystack(f) {
    if (!f.hay) {
      const said = [texts[f.message], ...rules[f.rule].slice(0, 3), ...f.functions.map((id) => functions[id].name)];
      if (f.path !== null) said.push(paths[f.path]);
      f.hay = said.join("\n").toLowerCase();
    }
    return f.hay;
  }

  const GROUPS = {
    severity: (f) => (f.verdict === "fail" ? severities[f.severity] : WORDS[f.verdict]),
    file: (f) => (f.path === null ? "in no file" : paths[f.path]),
    function: (f) => (f.functions.length ? f.functions.slice(0, 3).map((id) => nameOf(functions[id])).join(", ")
      + (f.functions.length > 3 ? ` and ${f.functions.length - 3} more` : "") : "other resources"),
    rule: (f) => `${rules[f.rule][0]} ${rules[f.rule][1]}: ${rules[f.rule][2]}`,
  };

  function list(found, group) {
    const groups = new Map();
    for (const f of found) {
      const key = GROUPS[group](f);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(f);
    }
    const rows = [];
    for (const [title, own] of groups) rows.push({ title, own }, ...own);
    const box = h("div", {});
    return [box, lazily(box, rows, (row) => (row.own ? heading(row) : finding(row, false)))];
  }

  function heading({ title, own }) {
    const numbers = severities.map((_, s) => own.filter((f) => f.verdict === "fail" && f.severity === s).length);
    return h("div", { class: "group" }, h("h3", {}, title), state.group === "severity" ? h("span", { class: "quiet" }, own.length) : counts(numbers));
  }

  function choice(label, key, options) {
    const select = h("select", { name: key }, options.map(([value, text]) => h("option", { value, selected: state[key] === value }, text)));
    select.addEventListener("change", () => { state[key] = select.value; refresh(); });
    return h("label", {}, label, select);
  }

  let refresh = () => {};

  function findingsView() {
    const search = h("input", { type: "search", placeholder: "words, a function, a file", value: state.text, id: "search", name: "search" });
    let wait = 0;
    search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => { state.text = search.value.trim(); refresh(); }, 80); });
    const some = (texts_, all) => [["", all], ...texts_.map((t) => [t, t])];
    const used = [...new Set(findings.map((f) => f.rule))].sort((a, b) => a - b).map((r) => [rules[r][0], `${rules[r][0]} ${rules[r][1]}`]);
    const files = [...new Set(findings.filter((f) => f.path !== null).map((f) => paths[f.path]))].sort();
    const verdicts = [...new Set(findings.map((f) => f.verdict))];
    const found = h("p", { class: "found", role: "status" });
    const box = h("div", { id: "findings" });
    refresh = () => {
      const own = findings.filter(wanted);
      const filtered = own.length !== findings.length;
      found.replaceChildren(filtered ? `${own.length.toLocaleString("en")} of ${plural(findings.length, "finding")}` : plural(findings.length, "finding"));
      if (filtered) found.append(h("button", { class: "text", type: "button", click: clear }, "Show all"));
      box.replaceChildren(...list(own, state.group));
      press();
    };
    const clear = () => { Object.assign(state, { text: "", severity: "", verdict: "", rule: "", path: "" }); route(); };
    const view = h("section", {}, h("h2", { class: "hidden" }, "Findings"),
      h("form", { class: "filter", role: "search" },
        h("label", {}, "Search", search),
        choice("Severity", "severity", some(severities.filter((_, s) => findings.some((f) => f.severity === s)), "every severity")),
        verdicts.length > 1 && choice("Verdict", "verdict", [["", "every verdict"], ...verdicts.map((v) => [v, WORDS[v]])]),
        choice("Rule", "rule", [["", "every rule"], ...used]),
        choice("File", "path", some(files, "every file")),
        choice("Group by", "group", Object.keys(GROUPS).map((g) => [g, g]))),
      found, box);
    view.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    refresh();
    return view;
  }

  function press() {
    for (const button of document.querySelectorAll(".tally button")) {
      button.setAttribute("aria-pressed", String(button.dataset.severity === state.severity));
    }
  }

  // -------------------------------------------------------------------------------------------------------- functions

  function functionsView() {
    const columns = severities.map((_, s) => s).filter((s) => totals[s] > 0);
    const search = h("input", { type: "search", placeholder: "a name or a file", id: "search", name: "search" });
    const rows = h("tbody", {});
    const below = h("div", {});
    const found = h("p", { class: "found", role: "status" });
    const draw = () => {
      const text = search.value.trim().toLowerCase();
      const own = ranked.filter((fn) => !text || `${fn.name}\n${fn.path === undefined ? "" : paths[fn.path]}`.toLowerCase().includes(text));
      found.replaceChildren(plural(own.length, "function"));
      rows.replaceChildren();
      below.replaceChildren(lazily(rows, own, (fn) => h("tr", {},
        h("td", {}, link("function/" + fn.id, fn.name), fn.open && [" ", h("span", { class: "tag high" }, "anyone")]),
        h("td", { class: "path quiet wide" }, fn.path === undefined ? "" : `${paths[fn.path]}:${fn.line}`),
        columns.map((s) => h("td", { class: "figure " + (fn.counts[s] ? severities[s] : "nought") }, fn.counts[s] || "·")))));
    };
    search.addEventListener("input", draw);
    draw();
    return h("section", {}, h("h2", { class: "hidden" }, "Functions"),
      h("div", { class: "filter" }, h("label", {}, "Search", search)), found,
      h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Function"), h("th", { scope: "col", class: "wide" }, "File"),
        columns.map((s) => h("th", { scope: "col", class: "figure" }, severities[s])))), rows)), below);
  }

  const grant = ([service, effect, actions, resources, names, by, when]) => ({
    service: texts[service], effect, actions: actions.map((t) => texts[t]), resources: resources.map((t) => texts[t]),
    names: names.map((t) => texts[t]), by: texts[by], when: texts[when],
  });

  function functionView(fn) {
    const place = ranked.indexOf(fn);
    const roles = fn.roles.map((r) => data.roles[r]);
    const grants = roles.flatMap((role) => role.grants.map(grant));
    const own = fn.found;
    return h("section", {},
      h("div", { class: "step" }, link("functions", "All functions"), h("span", {},
        place > 0 && link("function/" + ranked[place - 1].id, "Previous"), place > 0 && place < ranked.length - 1 && " · ",
        place < ranked.length - 1 && link("function/" + ranked[place + 1].id, "Next"))),
      h("h2", { tabindex: "-1", id: "subject" }, fn.name),
      h("div", { class: "about" },
        fn.path !== undefined && h("span", { class: "path" }, `${paths[fn.path]}:${fn.line}`), h("span", {}, fn.runtime),
        roles.map((role) => h("span", {}, "role ", role.name, role.generated ? " (made by the framework)" : "",
          role.shared > 1 ? `, shared by ${role.shared} functions` : "", role.boundary ? `, boundary ${role.boundary}` : "")),
        counts(fn.counts)),
      h("div", { class: "picture" }, picture(fn, grants, svg)),
      h("h3", {}, "What invokes it"), invokersTable(fn),
      h("h3", {}, "What it may touch"), grantsTable(fn, roles, grants),
      h("h3", {}, own.length ? "Findings" : "No findings"), own.map((f) => finding(f, f.verdict === "fail" && f.severity <= 1)),
      h("h3", {}, "Every verdict"), verdictsOf(fn));
  }

  // On narrow screens a row stands upright, and each cell says what it is.
  function table(titles, rows, name) {
    const written = rows.map((cells) => h("tr", {}, cells.map((cell, i) => h("td", { "data-title": titles[i] }, h("div", {}, cell)))));
    return h("table", { class: "upright " + (name || "") },
      h("thead", {}, h("tr", {}, titles.map((t) => h("th", { scope: "col" }, t)))), h("tbody", {}, written));
  }

  function invokersTable(fn) {
    const open = { yes: () => h("span", { class: "tag high" }, "anyone"), maybe: () => "can't be told", no: () => "no" };
    const rows = fn.invokers.map((i) => [i.way, [i.name, i.when && h("span", { class: "quiet" }, " when " + i.when)], i.how, open[i.public]()]);
    return [rows.length ? table(["By", "Source", "How", "Open to anyone"], rows) : h("p", { class: "quiet" }, "Nothing that could be seen."),
      (fn.invokers_unknown || []).map((why) => h("p", { class: "quiet" }, "More may: ", prose(why)))];
  }

  function grantsTable(fn, roles, grants) {
    const rows = grants.map((g) => [
      [g.effect !== "Allow" && [h("span", { class: "tag pass" }, g.effect), " "], g.service],
      g.actions.map((a) => [h("code", {}, a), " "]),
      g.resources.map((r) => [h("code", r === "*" ? { class: "high" } : {}, r), " "]),
      h("span", { class: "quiet" }, g.by, g.when && ", if " + g.when),
    ]);
    return [rows.length ? table(["Service", "Actions", "Resources", "By"], rows, "grants") : h("p", { class: "quiet" }, "Nothing that could be seen."),
      fn.role_unknown && h("p", { class: "quiet" }, "Its role can't be told: ", prose(fn.role_unknown)),
      roles.flatMap((role) => role.unseen).map((why) => h("p", { class: "quiet" }, "More may be allowed: ", prose(why)))];
  }

  function verdictsOf(fn) {
    const by = [[], [], [], []];
    const other = data.unusual[fn.id];
    const told = new Set(other.map((number) => data.reasons[number][0]));
    const numbers = [...other, ...data.usual.filter((number) => !told.has(data.reasons[number][0]))];
    numbers.sort((a, b) => data.reasons[a][0] - data.reasons[b][0]);
    for (const number of numbers) by[data.reasons[number][1]].push(data.reasons[number]);
    return by.map((own, verdict) => {
      if (!own.length) return null;
      const box = h("details", verdict < 2 ? { open: true } : {}, h("summary", { class: CLASSES[verdict] }, `${VERDICTS[verdict]}: ${own.length}`));
      const draw = () => {
        if (!box.open || box.childElementCount > 1) return;
        box.append(table(["Rule", "About", "Why"], own.map(([rule, , text]) => [rules[rule][0], rules[rule][2],
          prose(texts[text].replaceAll("\ue000", "`" + fn.name + "`"))]), "verdicts"));
      };
      box.addEventListener("toggle", draw);
      draw();
      return box;
    });
  }

  // -------------------------------------------------------------------------------------------------- what was not seen

  function unseenView() {
    return h("section", {}, h("h2", { class: "hidden" }, "Not seen"),
      h("h3", {}, plural(data.gaps.length, "thing") + " could not be seen"),
      data.gaps.length > 0 && table(["Where", "What", "Why"], data.gaps.map(([at, what, why]) => [h("span", { class: "path" }, at), prose(what), prose(why)])),
      h("h3", {}, "Why verdicts could not be decided"),
      data.undecided.length === 0 ? h("p", { class: "quiet" }, "All verdicts could be decided.")
        : table(["Verdicts", "Functions", "Why"], data.undecided.map(([n, on, why]) => [n, on, prose(why)])));
  }

  // ----------------------------------------------------------------------------------------------------------- the page

  const main = h("main", { id: "main", tabindex: "-1" });
  const tabs = [["findings", `Findings (${findings.length.toLocaleString("en")})`], ["functions", `Functions (${functions.length.toLocaleString("en")})`],
    ["unseen", `Not seen (${(data.gaps.length + data.undecided.length).toLocaleString("en")})`]];
  const nav = h("nav", { "aria-label": "Views" }, tabs.map(([place, text]) => link(place, text)));

  function route(event) {
    const [, place, number] = location.hash.split("/");
    const fn = place === "function" ? functions[Number(number)] : null;
    const view = fn ? functionView(fn) : place === "functions" ? functionsView() : place === "unseen" ? unseenView() : findingsView();
    main.replaceChildren(view);
    nav.querySelectorAll("a").forEach((a) => {
      const here = a.hash === "#/" + (fn ? "functions" : ["functions", "unseen"].includes(place) ? place : "findings");
      if (here) a.setAttribute("aria-current", "page");
      else a.removeAttribute("aria-current");
    });
    document.title = (fn ? fn.name + " – " : "") + "Stockade: " + data.title;
    if (event && fn) { nav.scrollIntoView(); document.getElementById("subject").focus({ preventScroll: true }); }
    press();
  }

  document.getElementById("page").replaceChildren(head(), nav, main, h("footer", {},
    h("p", {}, data.headline, data.hidden && `; not shown: ${data.hidden}`, ". "),
    h("p", {}, `Stockade ${data.version}. Secrets in the source are shown by their first characters only.`)));
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("search");
    if (event.key === "/" && search && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); search.focus(); }
  });
  window.addEventListener("hashchange", route);
  route();
})();

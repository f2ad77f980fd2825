(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const items = [...document.querySelectorAll("[data-rule]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const status = document.getElementById("filter-status");
  const keys = ["theme", "severity", "subject"].filter((key) => form.elements[key]);
  const all = new Set(items.map((item) => item.dataset.rule));
  const rows = items.filter((item) => item.tagName === "TR");
  const blocks = items.filter((item) => item.tagName !== "TR");
  const value = (key) => (form.elements[key] ? form.elements[key].value : "");
  const has = (item, state) => !state || item.dataset.states.split(" ").includes(state);
  const fits = (item) => has(item, value("state")) && keys.every((key) => !value(key) || item.dataset[key] === value(key));

  function searched(block, text, team, state) {
    const asked = text + team + state !== "";
    let found = 0;
    for (const place of block.querySelectorAll(".places > li")) {
      const hit = (!text || place.textContent.toLowerCase().includes(text)) && (!team || place.dataset.team === team)
        && (!state || ("aside" in place.dataset) === (state === "aside"));
      place.hidden = !hit;
      if (hit) found += 1;
    }
    for (const list of block.querySelectorAll("details.of-places")) {
      const hit = list.querySelector(".places > li:not([hidden])") !== null;
      list.hidden = !hit;
      if (asked && hit) list.open = true;
    }
    return found;
  }

  function apply() {
    const text = value("record").trim().toLowerCase();
    const team = value("team");
    const state = value("state");
    const shown = new Set();
    let places = 0;
    for (const block of blocks) {
      const found = fits(block) ? searched(block, text, team, state) : 0;
      block.hidden = !fits(block) || (text + team !== "" && found === 0);
      if (!block.hidden) { shown.add(block.dataset.rule); places += found; }
    }
    const byBlock = new Set(blocks.map((block) => block.dataset.rule));
    for (const row of rows) {
      row.hidden = byBlock.has(row.dataset.rule) ? !shown.has(row.dataset.rule) : !fits(row);
      if (!row.hidden) shown.add(row.dataset.rule);
    }
    for (const group of groups) group.hidden = ![...group.querySelectorAll("[data-rule]")].some((item) => !item.hidden);
    const searchedWords = text + team + state ? ` ${places} of the places listed here match.` : "";
    status.textContent = `Showing ${shown.size} of ${all.size} rules with findings.${searchedWords}`;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();

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
  const fits = (item) => keys.every((key) => !form.elements[key].value || item.dataset[key] === form.elements[key].value);

  function searched(block, text, team) {
    let found = 0;
    for (const place of block.querySelectorAll(".places > li")) {
      const hit = (!text || place.textContent.toLowerCase().includes(text)) && (!team || place.dataset.team === team);
      place.hidden = !hit;
      if (hit) found += 1;
    }
    if ((text || team) && found) for (const list of block.querySelectorAll("details.of-places")) list.open = true;
    return found;
  }

  function apply() {
    const text = form.elements.record ? form.elements.record.value.trim().toLowerCase() : "";
    const team = form.elements.team ? form.elements.team.value : "";
    const shown = new Set();
    let places = 0;
    for (const block of blocks) {
      const found = fits(block) ? searched(block, text, team) : 0;
      block.hidden = !fits(block) || (text + team !== "" && found === 0);
      if (!block.hidden) { shown.add(block.dataset.rule); places += found; }
    }
    const byBlock = new Set(blocks.map((block) => block.dataset.rule));
    for (const row of rows) {
      row.hidden = byBlock.has(row.dataset.rule) ? !shown.has(row.dataset.rule) : !fits(row);
      if (!row.hidden) shown.add(row.dataset.rule);
    }
    for (const group of groups) group.hidden = ![...group.querySelectorAll("[data-rule]")].some((item) => !item.hidden);
    const searchedWords = text + team ? ` ${places} of the places listed here match.` : "";
    status.textContent = `Showing ${shown.size} of ${all.size} rules with findings.${searchedWords}`;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();

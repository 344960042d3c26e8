// Every table of the class sortable: its column heads become buttons.
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = element("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    if (table.tBodies[0].rows[0]?.cells[column]?.classList.contains("number")) head.classList.add("number");
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      // What has no number comes last, whichever way.
      const key = row => {
        const cell = row.cells[column];
        return "value" in cell.dataset ? (cell.dataset.value === "" ? null : Number(cell.dataset.value)) : cell.textContent;
      };
      const rows = [...body.rows].map(row => [key(row), row]);
      rows.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null)
        : (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true })) * (down ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

function fill(place, caption, columns, rows) {
  const table = element("table", { class: "sortable" }, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...columns.map(column => element("th", { scope: "col" }, column)))),
    element("tbody", {}, ...rows.map(cells => element("tr", {}, ...cells))));
  place.replaceChildren(element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table));
  sortable(table);
}

const numberCell = (value, text = number(value), kind = "number") => element("td", { class: kind, "data-value": value ?? "" }, text);

const classCell = index => index === null || index === undefined
  ? numberCell(null)
  : element("td", {}, className(index), ...(index in data.classes ? [" ", element("small", {}, index)] : []));

function startSummary() {
  const metric = byId("summary-metric"), method = byId("summary-method");
  options(metric, data.summary.map(one => one.name));
  options(method, ["all", ...data.titles]);

  function show() {
    const one = data.summary[metric.value];
    const ofNetworks = one.rows.every(row => row[1] < 0);
    const rows = one.rows.filter(row => ofNetworks || Number(method.value) === 0 || row[1] === Number(method.value) - 1);
    const nulls = one.null !== undefined;
    fill(byId("summary-table"), `${one.name}: mean over images and draws, 95 % interval`,
      ["step", data.stepHeader, "method", "n", "undefined", "dead maps", "mean and interval", "median", "draws", ...(nulls ? [`null: ${one.null}`] : [])],
      rows.map(([step, by, n, missing, mean, low, high, median, draws, other, otherLow, otherHigh, dead]) => [
        numberCell(step), element("td", {}, data.stepNames[data.steps.indexOf(step)]),
        element("th", { scope: "row" }, by < 0 ? "network" : data.titles[by]), numberCell(n), numberCell(missing),
        dead > 0 ? numberCell(dead, `⚠ ${number(dead)}`, "number dead") : numberCell(dead),
        numberCell(mean, estimate(mean, low, high)), numberCell(median), numberCell(draws),
        ...(nulls ? [numberCell(other, estimate(other, otherLow, otherHigh))] : []),
      ]));
    byId("summary-source").replaceChildren("Numbers: ", link("summary.csv"),
      ` (n, undefined, mean, ci_low, ci_high, median, draws; metric ${one.metric}, resolution ${one.resolution}, reference ${one.reference}${nulls ? ` and ${one.null}` : ""}); dead maps: `,
      link("health.csv"), " (measure maps_dead).");
  }
  metric.addEventListener("change", show);
  method.addEventListener("change", show);
  show();
}

function startScores() {
  const { images, labels, targets, all, draws, methods, measures, steps, values } = data.scores;
  const metric = byId("scores-metric"), method = byId("scores-method"), step = byId("scores-step");
  options(metric, measures.map(one => one.metric + (one.resolution === "input" ? "" : ` (${one.resolution})`)
    + (one.reference === "network" ? ", of the map tried on the trained network" : "")));
  options(method, data.titles);
  options(step, steps.map(number => `${number}: ${data.stepNames[data.steps.indexOf(number)]}`));
  step.value = steps.length - 1;

  function show() {
    const rows = images.map((image, i) => {
      const value = values[((i * methods.length + Number(method.value)) * measures.length + Number(metric.value)) * steps.length + Number(step.value)];
      const worded = typeof value === "string";
      return [
        element("th", { scope: "row" }, image), classCell(labels[i]), classCell(targets[i]),
        worded ? numberCell(null, `⚠ undefined: ${status(value)}`, "number dead") : numberCell(value),
      ];
    });
    fill(byId("scores-table"), `${images.length < all ? `The first ${images.length} of ${all} images` : `All ${all} images`}${draws > 1 ? `, the first of ${draws} draws` : ""}`,
      ["image", "class", "explained class", metric.selectedOptions[0].textContent], rows);
    byId("scores-source").replaceChildren("Numbers: ", link("scores.csv"),
      ` (label, target, value, status; method ${methods[method.value]}, step ${steps[step.value]}, draw ${steps[step.value] === 0 ? 0 : 1}, reference ${measures[metric.value].reference}).`
      + (images.length < all || draws > 1 ? " That file has the others." : ""));
  }
  for (const control of [metric, method, step]) control.addEventListener("change", show);
  show();
}

// The charts: the same numbers, colors, dashes and markers as the chart files.
const hiddenMethods = new Set();
const markers = {
  circle: [3.6], square: [[-3.2, -3.2], [3.2, -3.2], [3.2, 3.2], [-3.2, 3.2]],
  triangle_up: [[0, -4.6], [4.4, 3.3], [-4.4, 3.3]], triangle_down: [[0, 4.6], [4.4, -3.3], [-4.4, -3.3]],
  diamond: [[0, -4.7], [4.7, 0], [0, 4.7], [-4.7, 0]],
  plus: [[-1.8, -4.8], [1.8, -4.8], [1.8, -1.8], [4.8, -1.8], [4.8, 1.8], [1.8, 1.8], [1.8, 4.8], [-1.8, 4.8], [-1.8, 1.8], [-4.8, 1.8],
    [-4.8, -1.8], [-1.8, -1.8]],
};
markers.cross = markers.plus.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]);

function marker(name, x, y, hollow) {
  const shape = markers[name], style = { class: hollow ? "hollow" : "mark" };
  return name === "circle"
    ? element("svg:circle", { cx: x, cy: y, r: shape[0], ...style })
    : element("svg:polygon", { points: shape.map(([dx, dy]) => `${(x + dx).toFixed(2)},${(y + dy).toFixed(2)}`).join(" "), ...style });
}

const inks = series => `--on-light:${series.color};--on-dark:${series.dark}`;

// Runs of neighboring steps that have what is asked for.
function runs(points, has) {
  const found = [];
  let run = [];
  points.forEach((point, i) => {
    if (point && has(point)) run.push(i);
    else if (run.length) { found.push(run); run = []; }
  });
  if (run.length) found.push(run);
  return found;
}

function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= most) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines;
}

function drawChart(chart, width) {
  const names = chart.stepNames.map(name => name.length > 26 ? name.slice(0, 25) + "…" : name);
  const longest = Math.max(...names.map(name => name.length));
  const left = Math.max(...chart.axis.labels.map(label => label.length)) * 6.4 + 34;
  const right = 16, top = 12, every = Math.ceil(17 * chart.steps.length / (width - left - right));
  const title = wrapped(chart.stepAxis + (every > 1 ? ` (every ${every === 2 ? "second" : every === 3 ? "third" : every + "th"} is named)` : ""), (width - 20) / 6.3);
  const below = Math.min(150, longest * 4.9 + 30) + 15 * title.length;
  const height = Math.min(430, Math.max(250, width * 0.42));
  const step = (width - left - right) / Math.max(1, chart.steps.length);
  const x = i => left + (i + 0.5) * step;
  const y = value => top + (chart.axis.high - value) / (chart.axis.high - chart.axis.low) * height;
  const clamp = value => Math.min(chart.axis.high, Math.max(chart.axis.low, value));
  const shown = chart.series.filter(series => !hiddenMethods.has(series.method));
  const side = series => chart.connected ? 0
    : (shown.indexOf(series) - (shown.length - 1) / 2) * Math.min(8, step * 0.8 / Math.max(1, shown.length));
  const svg = element("svg:svg", {
    viewBox: `0 0 ${width} ${top + height + below}`, width, height: top + height + below, role: "img", "aria-label": chart.description,
  });
  chart.axis.ticks.forEach((tick, i) => svg.append(
    element("svg:line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), class: tick === 0 ? "axis" : "rule" }),
    element("svg:text", { x: left - 7, y: y(tick) + 4, "text-anchor": "end" }, chart.axis.labels[i])));
  svg.append(element("svg:text", { transform: `translate(13 ${top + height / 2}) rotate(-90)`, "text-anchor": "middle", class: "faint" }, chart.axis.name));
  names.forEach((name, i) => {
    if (i % every === 0) {
      svg.append(element("svg:text", { transform: `translate(${x(i) + 4} ${top + height + 15}) rotate(-45)`, "text-anchor": "end" }, name));
    }
  });
  const middle = title.length > 1 ? width / 2 : left + (width - left - right) / 2;
  title.forEach((line, i) => svg.append(element("svg:text",
    { x: middle, y: top + height + below - 4 - 15 * (title.length - 1 - i), "text-anchor": "middle", class: "faint" }, line)));
  const area = (points, run) => "M" + run.map(i => `${x(i)} ${y(clamp(points[i][2]))}`).join("L")
    + "L" + [...run].reverse().map(i => `${x(i)} ${y(clamp(points[i][1]))}`).join("L") + "Z";
  if (chart.bands) {
    for (const series of shown) {
      for (const run of runs(series.nulls, point => point[1] !== null)) {
        if (chart.connected && run.length > 1) svg.append(element("svg:path", { d: area(series.nulls, run), class: "null-band" }));
        else for (const i of run) {
          const low = y(clamp(series.nulls[i][1])), high = y(clamp(series.nulls[i][2]));
          svg.append(element("svg:rect", { x: x(i) + side(series) - 4, width: 8, y: high, height: Math.max(0, low - high), class: "null-band" }));
        }
      }
    }
  }
  const groups = new Map();
  for (const series of shown) {
    const group = element("svg:g", { class: "series", style: inks(series), "data-method": series.method });
    groups.set(series, group);
    const at = i => x(i) + side(series);
    const path = (points, run, value) => "M" + run.map(i => `${at(i).toFixed(2)} ${y(clamp(points[i][value])).toFixed(2)}`).join("L");
    for (const run of runs(series.points, point => point[1] !== null)) {
      if (chart.connected && run.length > 1) group.append(element("svg:path", { d: area(series.points, run), class: "band" }));
      else for (const i of run) {
        group.append(element("svg:path", { d: `M${at(i)} ${y(clamp(series.points[i][1]))}V${y(clamp(series.points[i][2]))}`, class: "bar" }));
      }
    }
    for (const run of runs(series.nulls, point => point[0] !== null)) {
      if (chart.connected && run.length > 1) group.append(element("svg:path", { d: path(series.nulls, run, 0), class: "null" }));
      else for (const i of run) group.append(element("svg:path", { d: `M${at(i) - 4} ${y(series.nulls[i][0])}h8`, class: "null" }));
    }
    const dashes = series.dashes.length ? series.dashes.join(" ") : null;
    for (const run of runs(series.points, point => point[0] !== null)) {
      group.append(element("svg:path", { d: path(series.points, run, 0), class: chart.connected ? "line" : "line weak", "stroke-dasharray": dashes }));
    }
    if (series.cancels && chart.connected) {
      for (const run of runs(series.points, point => point[5] !== null)) {
        group.append(element("svg:path", { d: path(series.points, run, 5), class: "thin" }));
      }
    }
    svg.append(group);
  }
  // Points above all lines.
  const points = [];
  for (const series of shown) {
    series.points.forEach((point, i) => {
      if (!point || point[0] === null) return;
      const mark = marker(series.marker, x(i) + side(series), y(clamp(point[0])), point[4] > 0);
      points.push({ series, step: i, x: x(i) + side(series), y: y(clamp(point[0])), mark });
      groups.get(series).append(mark);
    });
  }
  return { svg, points, shown };
}

function pointText(chart, { series, step }) {
  const [mean, low, high, n, undefinedScores, magnitude] = series.points[step];
  const other = series.nulls[step];
  return `${series.title}, ${chart.stepNames[step]}: ${estimate(mean, low, high)}, n = ${n}`
    + (undefinedScores > 0 ? `, ${undefinedScores} undefined` : "")
    + (series.cancels && magnitude !== null ? `; mean magnitude ${number(magnitude)}` : "")
    + (other && other[0] !== null ? `; ${chart.null === "other_image" ? "maps of other images" : `the null ${chart.null}`}: ${estimate(other[0], other[1], other[2])}` : "");
}

function startCharts() {
  if (!data.charts.length) return;
  byId("chart-part").hidden = false;
  const metrics = [...new Map(data.charts.map(chart => [`${chart.metric} ${chart.resolution}`, chart])).values()];
  const several = chart => metrics.filter(other => other.metric === chart.metric).length > 1;
  options(byId("chart-metric"), metrics.map(chart => chart.name + (several(chart) ? ` (${chart.resolution})` : "")));
  let chart, drawn, chosen = null;

  function families() {
    const of = metrics[byId("chart-metric").value];
    const all = data.charts.filter(other => other.metric === of.metric && other.resolution === of.resolution);
    options(byId("chart-family"), all.map(one => one.family ?? "all"));
    byId("chart-family-label").hidden = all.length < 2;
    return all;
  }

  function show() {
    const of = metrics[byId("chart-metric").value];
    chart = data.charts.filter(other => other.metric === of.metric && other.resolution === of.resolution)[byId("chart-family").value];
    byId("chart-reading").textContent = chart.reading;
    byId("chart-notes").replaceChildren(...chart.notes.map(note => element("p", {}, note)));
    byId("chart-description").textContent = chart.description;
    byId("chart-source").replaceChildren("Numbers: ", link("summary.csv"),
      ` (mean, ci_low, ci_high, n, undefined${chart.series.some(series => series.cancels) ? ", mean_abs" : ""}; metric ${chart.metric}, resolution ${chart.resolution}, reference original`
      + (chart.null ? ` and, as null, ${chart.null}` : "") + ").");
    byId("legend").replaceChildren(...chart.series.map(series => {
      const swatch = element("svg:svg", { viewBox: "0 0 34 14", class: "series", style: inks(series), "aria-hidden": "true" },
        element("svg:path", { d: "M1 7H33", class: "line", "stroke-dasharray": series.dashes.length ? series.dashes.join(" ") : null }),
        marker(series.marker, 17, 7, false));
      const button = element("button", { type: "button", "aria-pressed": !hiddenMethods.has(series.method) }, swatch, element("span", {}, series.title));
      button.addEventListener("click", () => {
        if (!hiddenMethods.delete(series.method)) hiddenMethods.add(series.method);
        button.setAttribute("aria-pressed", !hiddenMethods.has(series.method));
        draw();
      });
      return button;
    }));
    draw();
  }

  function draw() {
    const width = Math.max(300, byId("chart").clientWidth);
    drawn = drawChart(chart, width);
    byId("chart").setAttribute("aria-label", `${chart.name}: ${drawn.shown.map(series => series.title).join(", ")}`);
    byId("chart").replaceChildren(drawn.svg);
    chosen = null;
  }

  function choose(point) {
    chosen?.mark.classList.remove("chosen");
    chosen = point;
    if (!point) return;
    point.mark.classList.add("chosen");
    byId("chart-point").textContent = pointText(chart, point);
  }

  byId("chart").addEventListener("pointermove", event => {
    const box = drawn.svg.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    let nearest = null, best = Infinity;
    for (const point of drawn.points) {
      // Along the steps first: the step under the pointer is meant.
      const distance = 3 * Math.abs(point.x - at.x) + Math.abs(point.y - at.y);
      if (distance < best) [nearest, best] = [point, distance];
    }
    if (nearest !== chosen) choose(nearest);
  });
  byId("chart").addEventListener("keydown", event => {
    const moves = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const move = moves[event.key];
    if (!move || !drawn.points.length) return;
    event.preventDefault();
    if (!chosen) return choose(drawn.points[0]);
    const methods = drawn.shown.filter(series => drawn.points.some(point => point.series === series));
    if (move[0]) {
      const own = drawn.points.filter(point => point.series === chosen.series);
      choose(own[Math.min(own.length - 1, Math.max(0, own.indexOf(chosen) + move[0]))]);
    } else {
      const series = methods[Math.min(methods.length - 1, Math.max(0, methods.indexOf(chosen.series) + move[1]))];
      const own = drawn.points.filter(point => point.series === series);
      choose(own.reduce((best, point) => Math.abs(point.step - chosen.step) < Math.abs(best.step - chosen.step) ? point : best, own[0]));
    }
  });
  byId("chart-metric").addEventListener("change", () => { families(); show(); });
  byId("chart-family").addEventListener("change", show);
  let width = 0;
  new ResizeObserver(() => {
    if (byId("chart").clientWidth !== width) { width = byId("chart").clientWidth; draw(); }
  }).observe(byId("chart"));
  families();
  show();

  // On paper every metric has its chart, with the methods that are switched on.
  window.addEventListener("beforeprint", () => byId("printed-charts").replaceChildren(...data.charts.map(one => {
    const key = element("p", { class: "legend-printed" });
    one.series.filter(series => !hiddenMethods.has(series.method)).forEach(series => key.append(
      element("svg:svg", { viewBox: "0 0 34 14", width: 34, height: 14, class: "series", style: inks(series) + ";display:inline;width:34px;vertical-align:middle" },
        element("svg:path", { d: "M1 7H33", class: "line", "stroke-dasharray": series.dashes.length ? series.dashes.join(" ") : null }),
        marker(series.marker, 17, 7, false)), ` ${series.title}   `));
    return element("figure", {}, element("figcaption", {}, element("strong", {}, one.name + (one.family ? `, ${one.family}` : "")), ". ", one.reading),
      key, drawChart(one, 760).svg, element("div", { class: "notes" }, ...one.notes.map(note => element("p", {}, note))));
  })));
}

// The maps: values as bytes, colored here, so that all maps of an image can have one scale.
const colorsOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const undefinedColor = [128, 128, 128];

async function unpack(map) {
  if (!map.bytes) {
    const packed = Uint8Array.from(atob(map.values), letter => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    map.bytes = new Int8Array(await new Response(stream).arrayBuffer());
  }
  return map.bytes;
}

// A map of a layer's size is enlarged as for scoring: bilinearly, with half-pixel centers. One that was made smaller for this page is
// shown by its cells.
function enlarged(map, bytes, height, width) {
  const values = new Float32Array(height * width);
  const at = (i, from, to) => {
    const place = Math.min(from - 1, Math.max(0, (i + 0.5) * from / to - 0.5)), low = Math.floor(place);
    return [low, Math.min(from - 1, low + 1), place - low];
  };
  const value = (row, column) => bytes[row * map.width + column] === -128 ? NaN : bytes[row * map.width + column];
  for (let i = 0; i < height; i++) {
    const [top, bottom, down] = at(i, map.height, height);
    for (let j = 0; j < width; j++) {
      if (map.factor > 1) {
        values[i * width + j] = value(Math.min(map.height - 1, Math.floor(i / map.factor)), Math.min(map.width - 1, Math.floor(j / map.factor)));
        continue;
      }
      const [left, right, along] = at(j, map.width, width);
      const above = value(top, left) * (1 - along) + value(top, right) * along;
      const under = value(bottom, left) * (1 - along) + value(bottom, right) * along;
      values[i * width + j] = above * (1 - down) + under * down;
    }
  }
  return values;
}

function paint(canvas, map, values, height, width, end, table) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  const gain = end > 0 ? map.scale / 127 / end : 0;
  for (let i = 0; i < values.length; i++) {
    const share = values[i] * gain, unit = map.signed ? 0.5 + 0.5 * share : share;
    const color = Number.isNaN(values[i]) ? undefinedColor : null, place = 3 * Math.min(255, Math.max(0, Math.floor(unit * 256)));
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = color ? color[channel] : table[place + channel];
    image.data[4 * i + 3] = 255;
  }
  // Pixels are put, not drawn: a canvas in memory is the one for that.
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
}

function startMaps() {
  if (!data.images.length) return;
  byId("maps-part").hidden = false;
  const tables = { positive: colorsOf(data.positive), signed: colorsOf(data.diverging) };
  const read = [];
  const mapsOf = i => read[i] ??= JSON.parse(byId(`maps-${i}`).textContent);
  const methods = data.methods.filter(method => mapsOf(0).some(map => map.method === method));
  const titleOf = method => data.titles[data.methods.indexOf(method)];
  options(byId("map-image"), data.images.map(image => image.name));
  options(byId("map-method"), methods.map(titleOf));
  const slider = byId("map-step");
  slider.max = data.steps.length - 1;
  slider.value = Math.min(1, data.steps.length - 1);
  if (typeof DecompressionStream === "undefined") {
    byId("map-note").textContent = "This browser cannot unpack the maps (it has no DecompressionStream); their pictures lie in the folder maps.";
    return;
  }

  function scoresOf(image, method, step) {
    const { images, measures, steps, values } = data.scores;
    const at = images.indexOf(image), by = data.scores.methods.indexOf(method);
    return measures.map((measure, m) => ({
      measure, value: at < 0 ? null : values[((at * data.scores.methods.length + by) * measures.length + m) * steps.length + steps.indexOf(step)],
    })).filter(one => one.value !== null);
  }

  let shown = 0;
  async function show() {
    const turn = ++shown, image = data.images[byId("map-image").value], method = methods[byId("map-method").value];
    const place = Number(slider.value), step = data.steps[place];
    const own = mapsOf(byId("map-image").value).filter(map => map.method === method);
    const original = own.find(map => map.step === data.steps[0]), now = own.find(map => map.step === step);
    byId("map-step-name").textContent = `${step} of ${data.steps.at(-1)}: ${data.stepNames[place]}`;
    slider.setAttribute("aria-valuetext", `${step}, ${data.stepNames[place]}`);
    byId("map-picture").src = image.picture ?? "";
    byId("map-picture").alt = `The image ${image.name} as the network saw it`;
    const scored = data.scores.images.indexOf(image.name), target = data.scores.targets[scored], label = data.scores.labels[scored];
    byId("map-target").textContent = target === undefined ? "" : `explained as ${className(target)}`
      + (label === null || label === undefined ? "" : label === target ? ", its class" : `; its class is ${className(label)}`);
    byId("map-note").textContent = original && now ? "" : "The folder has no map of this step.";
    if (!original || !now) return;
    const end = Math.max(...own.map(map => map.scale)), common = document.querySelector("[name=scale]:checked").value === "common";
    const table = now.signed ? tables.signed : tables.positive;
    const pair = await Promise.all([unpack(original), unpack(now)]);
    if (turn !== shown) return; // the slider has moved on
    for (const [canvas, map, bytes] of [[byId("map-original"), original, pair[0]], [byId("map-now"), now, pair[1]]]) {
      paint(canvas, map, enlarged(map, bytes, image.height, image.width), image.height, image.width, common ? end : map.scale, table);
      canvas.setAttribute("aria-label", `${titleOf(method)} of ${image.name}, ${data.stepNames[data.steps.indexOf(map.step)]}`);
    }
    const part = original.scale > 0 && step !== data.steps[0] ? `, ${number(now.scale / original.scale)} of the trained network's` : "";
    byId("map-now-name").textContent = place === 0 ? "trained network, again: drag the slider" : `step ${step}: ${data.stepNames[place]}`;
    byId("map-original-scale").textContent = `values up to ${number(original.scale)}`;
    byId("map-now-scale").textContent = now.scale > 0 ? `values up to ${number(now.scale)}${part}` : "dead map: 0 everywhere";
    byId("map-now-scale").classList.toggle("dead", now.scale === 0);
    byId("map-bar-high").textContent = common ? number(end) : "own largest";
    byId("map-bar-low").textContent = !now.signed ? "0" : common ? number(-end) : "−own largest";
    const bar = new ImageData(256, 1);
    for (let i = 0; i < 256; i++) bar.data.set([table[3 * i], table[3 * i + 1], table[3 * i + 2], 255], 4 * i);
    byId("map-colors").getContext("2d").putImageData(bar, 0, 0);
    const scores = scoresOf(image.name, method, step);
    byId("map-scores").replaceChildren(scores.length === 0 ? "This map has no scores in the page; scores.csv has them." : element("table", {},
      element("caption", {}, "Scores of this map"),
      element("tbody", {}, ...scores.map(({ measure, value }) => element("tr", {},
        element("th", { scope: "row" }, measure.metric + (measure.resolution === "input" ? "" : ` (${measure.resolution})`)
          + (measure.reference === "network" ? ", on the trained network" : "")),
        element("td", { class: typeof value === "string" ? "dead" : "number" }, typeof value === "string" ? `undefined: ${status(value)}` : number(value)))))));
    byId("map-source").replaceChildren("Maps: ", `maps/…/maps.jsonl (scale, values; draw 1). Scores: `, link("scores.csv"),
      ` (value; image ${image.name}, method ${method}, step ${step}, draw ${step === 0 ? 0 : 1}, reference original). `,
      image.grid ? element("a", { href: image.grid }, "The maps of this image as one picture") : "", image.grid ? "." : "");
  }

  for (const control of [byId("map-image"), byId("map-method"), ...document.querySelectorAll("[name=scale]")]) {
    control.addEventListener("change", show);
  }
  slider.addEventListener("input", show);
  show();
}

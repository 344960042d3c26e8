"use strict";
// What the parts of the page share. No text of the run is ever put in as HTML: names of files and classes are anybody's.
const byId = id => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const svgSpace = "http://www.w3.org/2000/svg";

function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:") ? document.createElementNS(svgSpace, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

// As the tables that need no script write them: three decimals, but for what is much larger or smaller. The ends of an interval are
// written as the largest of it is.
function number(value, size = Math.abs(value)) {
  if (value === null || value === undefined) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return size >= 1e5 || size < 0.0005 ? value.toExponential(2).replace("e+", "e") : value.toFixed(3).replace(/^-(0\.000)$/, "$1");
}

function estimate(mean, low, high) {
  if (low === null || low === undefined) return number(mean);
  const size = Math.max(Math.abs(mean), Math.abs(low), Math.abs(high));
  return `${number(mean, size)} [${number(low, size)}, ${number(high, size)}]`;
}

function options(select, texts) {
  select.replaceChildren(...texts.map((text, i) => element("option", { value: i }, text)));
}

const link = file => element("a", { href: file.split("/").map(encodeURIComponent).join("/") }, file);

// A class as people call it, with its index where that has to be known: in the files it is a number.
const className = index => data.classes[index] ?? `class ${index}`;

const status = text => text.replaceAll("_", " ");

import { bars, curve, heat } from '/charts.js';

const side = 28, brush = 1.35;
const canvas = document.getElementById('drawing'), pen = document.getElementById('pen'), status = document.getElementById('status');
let pixels = new Float64Array(side * side), strokes = [], pending = false, running = false;
let last = null, keyboard = { x: 14, y: 14, down: false, used: true };

const themed = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim().match(/[0-9a-f]{2}/gi).map(hex => parseInt(hex, 16));

function paint() {
  const context = canvas.getContext('2d'), image = context.createImageData(side, side);
  const paper = themed('--page'), ink = themed('--ink');
  pixels.forEach((value, at) => {
    for (let channel = 0; channel < 3; channel++) image.data[4 * at + channel] = paper[channel] + (ink[channel] - paper[channel]) * value;
    image.data[4 * at + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

// A round brush with a soft rim, as thick as the strokes the networks were trained on.
function dab(x, y) {
  for (let row = Math.max(0, Math.floor(y - 3)); row <= Math.min(side - 1, y + 3); row++) {
    for (let column = Math.max(0, Math.floor(x - 3)); column <= Math.min(side - 1, x + 3); column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const value = Math.max(0, Math.min(1, brush + 0.5 - distance));
      pixels[row * side + column] = Math.max(pixels[row * side + column], value);
    }
  }
}

function draw(to) {
  const from = last ?? to, steps = Math.max(1, Math.ceil(4 * Math.hypot(to.x - from.x, to.y - from.y)));
  for (let step = 0; step <= steps; step++) dab(from.x + (to.x - from.x) * step / steps, from.y + (to.y - from.y) * step / steps);
  last = to;
  paint();
  ask();
}

function begin() { strokes.push(pixels.slice()); }

function place(event) {
  const box = canvas.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width * side, y: (event.clientY - box.top) / box.height * side };
}

canvas.addEventListener('pointerdown', event => {
  if (event.button !== 0) return;
  keyboard.used = keyboard.down = false;
  showPen();
  canvas.setPointerCapture(event.pointerId);
  begin();
  last = null;
  draw(place(event));
});
canvas.addEventListener('pointermove', event => {
  if (!canvas.hasPointerCapture(event.pointerId)) return;
  for (const move of event.getCoalescedEvents?.() ?? [event]) draw(place(move));
});
canvas.addEventListener('lostpointercapture', () => { last = null; });

function showPen() {
  pen.hidden = document.activeElement !== canvas || !keyboard.used;
  pen.classList.toggle('down', keyboard.down);
  pen.style.left = `${keyboard.x / side * 100}%`;
  pen.style.top = `${keyboard.y / side * 100}%`;
}

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
canvas.addEventListener('keydown', event => {
  const arrow = arrows[event.key];
  if (arrow) {
    keyboard.x = Math.min(side - 1, Math.max(1, keyboard.x + arrow[0]));
    keyboard.y = Math.min(side - 1, Math.max(1, keyboard.y + arrow[1]));
    if (keyboard.down) draw({ x: keyboard.x, y: keyboard.y });
  } else if (event.key === ' ') {
    keyboard.down = !keyboard.down;
    last = null;
    if (keyboard.down) { begin(); draw({ x: keyboard.x, y: keyboard.y }); }
  } else if (event.key === 'Delete' || event.key === 'Backspace') clear();
  else return;
  keyboard.used = true;
  event.preventDefault();
  showPen();
});
canvas.addEventListener('focus', showPen);
canvas.addEventListener('blur', () => { keyboard.used = true; keyboard.down = false; showPen(); });

function clear() {
  if (pixels.some(value => value > 0)) begin();
  pixels.fill(0);
  last = null;
  paint();
  ask();
}
document.getElementById('clear').addEventListener('click', clear);
document.getElementById('undo').addEventListener('click', () => {
  if (strokes.length === 0) return;
  pixels = strokes.pop();
  paint();
  ask();
});

// The training digits lie with their centre of mass in the middle; whole pixels, so that the heat map can be moved back.
function centre(drawing) {
  let mass = 0, x = 0, y = 0;
  drawing.forEach((value, at) => { mass += value; x += value * (at % side + 0.5); y += value * (Math.floor(at / side) + 0.5); });
  return mass === 0 ? { rows: 0, columns: 0 } : { rows: Math.round(side / 2 - y / mass), columns: Math.round(side / 2 - x / mass) };
}

function move(drawing, shift) {
  const moved = new Array(side * side).fill(0);
  drawing.forEach((value, at) => {
    const row = Math.floor(at / side) + shift.rows, column = at % side + shift.columns;
    if (value > 0 && row >= 0 && row < side && column >= 0 && column < side) moved[row * side + column] = Math.round(value * 255) / 255;
  });
  return moved;
}

// One question at a time; strokes drawn meanwhile make one more.
async function ask() {
  if (running) { pending = true; return; }
  running = true;
  try {
    do {
      pending = false;
      const shown = pixels.slice(), shift = centre(shown), before = strokes.at(-1);
      const question = { pixels: move(shown, shift), previous: before ? move(before, shift) : null };
      const response = await fetch('/explain', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(question),
      });
      if (!response.ok) throw new Error((await response.json()).detail);
      const { models } = await response.json();
      show(models, shown, shift);
    } while (pending);
  } catch (error) {
    status.textContent = `No answer: ${error.message}`;
  } finally {
    running = false;
  }
}

const articles = new Map();

function article(name) {
  if (!articles.has(name)) {
    const node = document.getElementById('model').content.cloneNode(true).firstElementChild;
    node.dataset.model = name;
    node.querySelector('.name').textContent = name;
    node.classList.add('blank');
    node.querySelector('.more').open = !matchMedia('(max-width: 52rem)').matches;
    document.getElementById('models').append(node);
    articles.set(name, node);
  }
  return articles.get(name);
}

// A network that gives its digit less than this is not sure of it.
const sure = 0.8;

function probabilities(logits) {
  const largest = Math.max(...logits), powers = logits.map(value => Math.exp(value - largest)), sum = powers.reduce((total, power) => total + power, 0);
  return powers.map(power => power / sum);
}

const percent = share => share > 0.995 && share < 1 ? '> 99 %' : `${Math.round(100 * share)} %`;

// What both networks say, in words.
function verdict(models) {
  const read = models.map(answer => `${answer.model} reads ${answer.digit}`).join(', ');
  if (new Set(models.map(answer => answer.digit)).size > 1) return `The networks disagree: ${read}.`;
  const unsure = models.filter(answer => answer.chances[answer.digit] < sure).map(answer => `${answer.model} is unsure, it may be a ${answer.runnerUp}`);
  return [read, ...unsure].join('; ') + '.';
}

function show(models, shown, shift) {
  const blank = shown.every(value => value === 0);
  for (const answer of models) {
    const node = article(answer.model), text = (selector, value) => { node.querySelector(selector).textContent = value; };
    answer.chances = probabilities(answer.logits);
    node.classList.toggle('blank', blank);
    text('.digit', blank ? '' : answer.digit);
    text('.chance', blank ? '' : percent(answer.chances[answer.digit]));
    text('.time', `${answer.evaluationMicroseconds.toFixed(1)} µs`);
    text('.region', blank ? '' : answer.region.id);
    text('.crossed', answer.region.crossed === 0 ? 'stayed in its region' : `crossed ${answer.region.crossed} border${answer.region.crossed === 1 ? '' : 's'} of regions`);
    text('.next', answer.region.strokesToNext === null ? 'none within two more such strokes' : `after ${answer.region.strokesToNext.toPrecision(2)} more such strokes`);
    const lead = answer.logits[answer.digit] - answer.logits[answer.runnerUp];
    text('.lead', blank ? '' : `${answer.digit} leads ${answer.runnerUp} (${percent(answer.chances[answer.runnerUp])}) by ${lead.toFixed(2)}`);
    text('.for', blank ? '' : `for ${answer.digit}`);
    text('.against', blank ? '' : `for ${answer.runnerUp}`);
    const chart = node.querySelector('.bars');
    chart.replaceChildren(bars(answer.logits, blank ? -1 : answer.digit));
    chart.setAttribute('aria-label', `Outputs for 0 to 9: ${answer.logits.map(value => value.toFixed(1)).join(', ')}`);
    const map = node.querySelector('.heat');
    heat(map, shown, answer.contributions, shift);
    map.setAttribute('aria-label', `Pixels that count for ${answer.digit} and for ${answer.runnerUp}`);
    if (answer.nodes.length > 0) inside(answer, blank);
  }
  status.textContent = blank ? 'Draw a digit.' : verdict(models);
}

function inside(answer, blank) {
  document.getElementById('inside').hidden = blank;
  document.getElementById('nodes').replaceChildren(...answer.nodes.map(({ node, change, toWinner, fromPixels }) => {
    const card = document.createElement('div'), title = document.createElement('h3'), flow = document.createElement('div'), left = document.createElement('div');
    card.className = 'node';
    flow.className = 'flow';
    title.textContent = `Node ${node}: ${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(2)} for ${answer.digit}`;
    left.append(...fromPixels.map(edge => curve(edge, `pixel ${Math.floor(edge.input / side)},${edge.input % side}`, 112, 56)));
    flow.append(left, curve(toWinner, `node ${node} → ${answer.digit}`, 168, 150));
    card.append(title, flow);
    return card;
  }));
}

async function describe() {
  const response = await fetch('/models');
  for (const model of response.ok ? await response.json() : []) article(model.name).querySelector('.shape').textContent = model.widths.join(' → ');
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { paint(); ask(); });
paint();
ask();
describe();

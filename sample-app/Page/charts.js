// Charts as SVG elements; no markup is ever made from text.
const space = 'http://www.w3.org/2000/svg';

function element(name, attributes, ...children) {
  const node = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Ten bars, one for each output, from a common zero. */
export function bars(logits, winner) {
  const width = 260, row = 15, left = 16, right = 44;
  const low = Math.min(0, ...logits), high = Math.max(0, ...logits, low + 1e-6);
  const x = value => left + ((value - low) / (high - low)) * (width - left - right);
  const svg = element('svg', { viewBox: `0 0 ${width} ${row * logits.length}`, 'aria-hidden': 'true' });
  svg.append(element('line', { x1: x(0), x2: x(0), y1: 0, y2: row * logits.length, class: 'axis' }));
  logits.forEach((value, digit) => {
    const kind = digit === winner ? 'winner' : 'other', y = digit * row;
    svg.append(
      element('text', { x: 0, y: y + 11, class: kind }, String(digit)),
      element('rect', { x: Math.min(x(0), x(value)), y: y + 2, width: Math.max(Math.abs(x(value) - x(0)), 0.5), height: row - 4, rx: 2, class: kind }),
      element('text', { x: width, y: y + 11, 'text-anchor': 'end', class: kind }, value.toFixed(1)));
  });
  return svg;
}

/** An edge function with its breakpoints, and the point where it is evaluated. */
export function curve({ x, y, at, value }, label, width = 112, height = 64) {
  const pad = 6, top = 16;
  const [x0, x1] = [Math.min(...x), Math.max(...x)];
  const [y0, y1] = [Math.min(...y, 0), Math.max(...y, 0)];
  const sx = v => pad + ((v - x0) / ((x1 - x0) || 1)) * (width - 2 * pad);
  const sy = v => height - pad - ((v - y0) / ((y1 - y0) || 1)) * (height - pad - top);
  const svg = element('svg', { viewBox: `0 0 ${width} ${height}`, class: 'curve', role: 'img', 'aria-label': `${label}: at ${at.toFixed(2)} it is ${value.toFixed(2)}` });
  svg.append(
    element('text', { x: pad, y: 9 }, label),
    element('line', { x1: pad, x2: width - pad, y1: sy(0), y2: sy(0), class: 'axis' }),
    element('path', { d: x.map((v, i) => `${i ? 'L' : 'M'}${sx(v).toFixed(2)} ${sy(y[i]).toFixed(2)}`).join('') }));
  x.slice(1, -1).forEach((v, i) => svg.append(element('circle', { cx: sx(v), cy: sy(y[i + 1]), r: 1.8, class: 'knot' })));
  svg.append(element('circle', { cx: sx(at), cy: sy(value), r: 3.4, class: 'at' }));
  return svg;
}

/** What each pixel added to the lead of the winner, over the faint drawing. */
export function heat(canvas, pixels, contributions, shift, side = 28) {
  const context = canvas.getContext('2d'), image = context.createImageData(side, side);
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim().match(/[0-9a-f]{2}/gi).map(hex => parseInt(hex, 16));
  const paper = colour('--page'), ink = colour('--soft'), forWinner = colour('--for'), forRunnerUp = colour('--against');
  const largest = Math.max(1e-9, ...contributions.map(Math.abs));
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      const [sentRow, sentColumn] = [row + shift.rows, column + shift.columns];
      const inside = sentRow >= 0 && sentRow < side && sentColumn >= 0 && sentColumn < side;
      const value = inside ? contributions[sentRow * side + sentColumn] / largest : 0;
      const strength = Math.sqrt(Math.abs(value)), target = value >= 0 ? forWinner : forRunnerUp, shade = 0.25 * pixels[at];
      for (let channel = 0; channel < 3; channel++) {
        const base = paper[channel] + (ink[channel] - paper[channel]) * shade;
        image.data[4 * at + channel] = base + (target[channel] - base) * strength;
      }
      image.data[4 * at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

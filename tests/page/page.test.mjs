import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { start } from './service.mjs';

const artefacts = process.env.PAGE_ARTEFACTS ?? new URL('artefacts/', import.meta.url).pathname;
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Tells a hang from work, and measures nothing: a busy machine takes many times what a desk takes.
const hang = 5 * 60_000;
let service, browser, context, page, foreign, failures;

before(async () => {
  await mkdir(artefacts, { recursive: true });
  service = await start();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags, timeout: hang });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

async function open(options = {}) {
  context = await browser.newContext({ viewport: { width: 1180, height: 900 }, ...options });
  page = await context.newPage();
  page.setDefaultTimeout(hang);
  foreign = [];
  failures = [];
  page.on('request', request => { if (!request.url().startsWith(service.address) && !request.url().startsWith('data:')) foreign.push(request.url()); });
  page.on('pageerror', error => failures.push(error.message));
  page.on('console', message => { if (message.type() === 'error') failures.push(message.text()); });
  await page.goto(service.address);
  await page.locator('.model').nth(1).waitFor();
}
afterEach(async () => {
  await context?.close();
  assert.deepEqual(foreign, [], 'requests to other places');
  assert.deepEqual(failures, [], 'errors on the page');
});

// Strokes as points of the 28 by 28 paper.
const seven = [[[8, 7], [20, 7], [18, 12], [15.5, 17], [14, 22]]];
const zero = [[[14, 6], [10, 8], [8.5, 14], [10, 20], [14, 22], [18, 20], [19.5, 14], [18, 8], [14, 6]]];
const three = [[[9, 7], [14, 5.5], [18, 8], [16, 12], [13, 13.5], [17, 15], [18.5, 19], [14, 22], [9, 20.5]]];

async function draw(strokes) {
  const box = await page.locator('#drawing').boundingBox();
  const at = ([x, y]) => [box.x + x / 28 * box.width, box.y + y / 28 * box.height];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(point), { steps: 8 });
    await page.mouse.up();
  }
}

// Texts of a chart that lie over each other.
const colliding = () => page.evaluate(() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].map(text => ({ name: text.textContent, box: text.getBoundingClientRect() }));
  const path = svg.querySelector('path')?.getBoundingClientRect();
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return texts.flatMap((text, i) => [...texts.slice(i + 1), ...(path ? [{ name: 'its curve', box: path }] : [])]
    .filter(other => over(text.box, other.box)).map(other => `${text.name} and ${other.name}`));
}));

const digits = () => page.locator('.digit').allTextContents();

async function reads(digit) {
  await page.waitForFunction(expected => [...document.querySelectorAll('.digit')].every(node => node.textContent === expected), digit)
    .catch(async () => assert.fail(`the networks read ${await digits()}, not ${digit}`));
}

for (const [digit, strokes] of [['7', seven], ['0', zero], ['3', three]]) {
  test(`both networks read a ${digit} drawn by mouse`, async () => {
    await open();
    await draw(strokes);
    await reads(digit);
    await page.screenshot({ path: `${artefacts}/digit-${digit}.png`, fullPage: true });
    assert.match(await page.locator('#status').textContent(), new RegExp(`mnist-mlp reads ${digit}, mnist-kan reads ${digit}`));
    assert.equal(await page.locator('.bars rect').count(), 20);
    for (const text of await page.locator('.time').allTextContents()) assert.match(text, /^\d+\.\d µs$/);
    for (const text of await page.locator('.region').allTextContents()) assert.match(text, /^[0-9a-f]{16}$/);
    assert.deepEqual(await page.locator('.shape').allTextContents(), ['784 → 128 → 64 → 10', '784 → 32 → 10']);
    for (const text of await page.locator('.crossed').allTextContents()) assert.match(text, /^crossed \d+ borders? of regions$/);
    assert.equal(await page.locator('#pen').isVisible(), false, 'the pen of the keyboard is shown to the mouse');
    for (const text of await page.locator('.chance').allTextContents()) assert.match(text, /^(> )?\d+ %$/);
    for (const text of await page.locator('.lead').allTextContents()) assert.match(text, new RegExp(`^${digit} leads \\d \\(\\d+ %\\) by \\d`));
    const changes = (await page.locator('.node h3').allTextContents()).map(text => Number(text.match(/^Node \d+: [+−]([\d.]+) for \d$/)[1]));
    assert.deepEqual(changes, [...changes].sort((a, b) => b - a), 'the nodes are not in the order of the numbers that they show');
    assert.deepEqual(await colliding(), []);
    assert.equal(await page.locator('.node').count(), 6);
    assert.ok(await page.locator('.node .curve').count() > 12);
  });
}

test('before anything is drawn there is no answer', async () => {
  await open();
  await page.waitForFunction(() => document.querySelectorAll('.model.blank').length === 2);
  assert.equal(await page.locator('#status').textContent(), 'Draw a digit.');
  for (const part of ['.digit', '.region', '.bars', '.heat', '#inside']) assert.equal(await page.locator(part).first().isVisible(), false, part);
  assert.equal(await page.locator('.waiting').first().isVisible(), true);
  assert.equal(await page.locator('.keys').isVisible(), true);
  await draw(seven);
  await reads('7');
  assert.equal(await page.locator('.waiting').first().isVisible(), false);
  assert.match(await page.locator('dd small').first().textContent(), /one and the same affine map/);
  assert.equal(await page.locator('dd small').first().isVisible(), true);
});

test('networks that disagree, and one that is unsure, are said to be', async () => {
  await open();
  await page.route('**/explain', async route => {
    const response = await route.fetch(), answer = await response.json();
    const [first, second] = answer.models;
    Object.assign(first, { digit: 3, runnerUp: 8, logits: first.logits.map((_, digit) => ({ 3: 5, 8: 4.5 })[digit] ?? 0) });
    Object.assign(second, { digit: answers.second, runnerUp: 1, logits: second.logits.map((_, digit) => digit === answers.second ? 9 : 0) });
    await route.fulfill({ response, json: answer });
  });
  const answers = { second: 8 };
  await draw(three);
  await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('The networks disagree: '));
  assert.match(await page.locator('#status').textContent(), /mnist-mlp reads 3, mnist-kan reads 8\.$/);
  answers.second = 3;
  await draw([[[14, 22], [13, 22]]]);
  await page.waitForFunction(() => document.getElementById('status').textContent.includes('mnist-mlp is unsure, it may be a 8'));
  assert.deepEqual(await page.locator('.chance').allTextContents(), ['60 %', '> 99 %']);
});

test('a stroke is undone, and clearing starts over', async () => {
  await open();
  await draw(zero);
  await reads('0');
  await draw([[[5, 3], [23, 25]]]);
  await page.getByRole('button', { name: 'Undo stroke' }).click();
  await reads('0');
  await page.getByRole('button', { name: 'Clear' }).click();
  await reads('');
  assert.equal(await page.locator('#status').textContent(), 'Draw a digit.');
});

test('the keyboard draws', async () => {
  await open();
  await page.locator('#drawing').focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await reads('1');
  await page.keyboard.press('Delete');
  await reads('');
});

test('dark on a wide screen, and everything has a name', async () => {
  await open({ colorScheme: 'dark' });
  await draw(three);
  await reads('3');
  await page.screenshot({ path: `${artefacts}/dark.png`, fullPage: true });
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, canvas, [role=img], output')]
    .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim())).map(node => node.outerHTML.slice(0, 80)));
  assert.deepEqual(nameless, []);
  const contrast = await page.evaluate(() => {
    const light = colour => colour.match(/[\d.]+/g).slice(0, 3).map(v => { const c = v / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; })
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const paper = light(getComputedStyle(document.querySelector('.model')).backgroundColor);
    return [...document.querySelectorAll('dt, dd, figcaption, h2')].map(node => { const ink = light(getComputedStyle(node).color); return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05); });
  });
  assert.ok(Math.min(...contrast) >= 4.5, `text of contrast ${Math.min(...contrast)}`);
});

test('a phone: touch draws, nothing overflows, dark is dark', async () => {
  await open({ viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
  const box = await page.locator('#drawing').boundingBox();
  const session = await context.newCDPSession(page);
  const at = ([x, y]) => [{ x: box.x + x / 28 * box.width, y: box.y + y / 28 * box.height }];
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(seven[0][0]) });
  for (const point of seven[0].slice(1)) await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(point) });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await reads('7');
  await page.screenshot({ path: `${artefacts}/phone-dark.png`, fullPage: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the screen');
  assert.equal(await page.locator('.keys').isVisible(), false, 'hints for a keyboard on a phone');
  assert.equal(await page.locator('.region').first().isVisible(), false, 'details are open on a phone');
  assert.ok(await page.evaluate(() => document.querySelector('.model .digit').getBoundingClientRect().top < 1.2 * innerHeight), 'the first answer is far below the drawing');
  const [red, green, blue] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  assert.ok(red + green + blue < 150, 'the background is light');
});

/**
 * `npm run test:browser`: opens the page of a trace of 10,000 events in a headless Chromium, steps
 * and filters in it, measures how long it takes to open, and keeps pictures of it under
 * `.sim/browser`. It needs the program `chromium` (of the Debian package of that name), or the one
 * that the variable `CHROMIUM` names.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { traceToHtml } from '../../src/sim/trace/to-html.ts';
import { bigTrace } from './big-trace.ts';
import { Page } from './chromium.ts';

const folder = '.sim/browser';
const events = 10_000;

/** How long the page may take to open: the median of so many openings. */
const openMsMax = 2_000;
const openings = 5;

process.exitCode = await main();

async function main(): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { seed, trace } = await bigTrace(events);
  const html = traceToHtml(trace, { title: `Seed ${seed}, ${events} events` });
  writeFileSync(`${folder}/trace.html`, html);
  print(`Seed ${seed}: ${trace.length} events, a page of ${(html.length / 1e6).toFixed(1)} MB`);
  const page = await Page.open(process.env.CHROMIUM ?? 'chromium');
  try {
    const problems = await lookAt(page);
    for (const problem of problems) print(`Wrong: ${problem}`);
    print(problems.length === 0 ? 'The page is as it should be' : `${problems.length} problems`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await page.close();
  }
}

async function lookAt(page: Page): Promise<readonly string[]> {
  const times: number[] = [];
  for (let count = 0; count < openings; count++) times.push(await open(page));
  const median = times.toSorted((one, other) => one - other)[openings >> 1] ?? 0;
  print(`Opened in ${times.join(', ')} ms, median ${median} ms, at most ${openMsMax} ms`);
  const problems = median > openMsMax ? [`it takes ${median} ms to open`] : [];
  await keep(page, 'violation');
  const say = (is: boolean, problem: string): void => {
    if (!is) problems.push(problem);
  };
  say((await titleOf(page)).startsWith('exclusion'), 'the violation is not selected');
  await step(page, say);
  await filter(page, say);
  await page.evaluate(`document.getElementById('resource').value = '-1'`);
  await page.evaluate(`document.getElementById('resource').dispatchEvent(new Event('change'))`);
  await page.press('0');
  await keep(page, 'whole');
  await page.evaluate(`document.getElementById('axis').click()`);
  await keep(page, 'time');
  await page.evaluate(`document.getElementById('dark').click()`);
  await page.evaluate(`document.getElementById('axis').click()`);
  await page.press('v');
  for (let count = 0; count < 6; count++) await page.press('+');
  await keep(page, 'dark');
  return problems;
}

/** @returns how long the page took until it was drawn, in milliseconds */
async function open(page: Page): Promise<number> {
  await page.send('Page.navigate', { url: 'about:blank' });
  await page.send('Page.navigate', { url: pathToFileURL(resolve(folder, 'trace.html')).href });
  for (let count = 0; count < 200; count++) {
    const opened = await page.evaluate('document.documentElement?.dataset.openedMs ?? null');
    if (typeof opened === 'string') return Number(opened);
    await sleep(50);
  }
  throw new Error('The page does not open: it was not drawn within 10 s');
}

async function step(page: Page, say: (is: boolean, problem: string) => void): Promise<void> {
  const titles = new Set<string>();
  for (let count = 0; count < 50; count++) {
    await page.press('ArrowLeft');
    titles.add(await eventOf(page));
  }
  say(titles.size === 50, `50 steps back lead to ${titles.size} events`);
  const before = await eventOf(page);
  await page.press('ArrowRight');
  await page.press('ArrowLeft');
  say((await eventOf(page)) === before, 'a step on and one back do not lead to the same event');
  const lane = (id: string): string => id.replace(/[#:].*/, '');
  await page.press('ArrowUp');
  const above = await eventOf(page);
  say(above !== before && lane(above) === lane(before), 'a step along the lane leaves it');
}

async function filter(page: Page, say: (is: boolean, problem: string) => void): Promise<void> {
  const all = await shownOf(page);
  await page.evaluate(`document.getElementById('resource').value = '0'`);
  await page.evaluate(`document.getElementById('resource').dispatchEvent(new Event('change'))`);
  const some = await shownOf(page);
  say(some > 0 && some < all, `the filter shows ${some} of ${all} events`);
  print(`Shown: ${all} of ${events}; of one resource ${some}`);
  await page.press('v');
  await keep(page, 'filtered');
}

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))');
  writeFileSync(`${folder}/${name}.png`, await page.screenshot());
  print(`Kept: ${folder}/${name}.png`);
}

async function titleOf(page: Page): Promise<string> {
  return String(await page.evaluate(`document.querySelector('#details h2')?.textContent ?? ''`));
}

async function eventOf(page: Page): Promise<string> {
  return String(await page.evaluate(`document.querySelector('#details dd')?.textContent ?? ''`));
}

async function shownOf(page: Page): Promise<number> {
  const text = await page.evaluate(`document.getElementById('shown').textContent`);
  return Number(String(text).split(' ')[0]?.replaceAll(',', ''));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

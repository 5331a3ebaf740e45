// What the accessibility audit asks of a page, run in it. Returns sentences; none: nothing was found.
(() => {
  const found = [];
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const where = (node) => {
    const near = node.closest('[id]');
    return `${node.tagName.toLowerCase()}${node.className && typeof node.className === 'string' ? '.' + node.className.trim().replace(/\s+/g, '.') : ''} in #${near ? near.id : ''}`;
  };

  // ---- WCAG 2.1, 1.4.3 and 1.4.11: contrast ----
  const parse = (text) => {
    const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
    if (text.startsWith('color(srgb')) return [numbers[0] * 255, numbers[1] * 255, numbers[2] * 255, numbers[3] ?? 1];
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3])).concat(1);
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (node) => {
    const layers = [];
    for (let each = node; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const weak = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || /^(SCRIPT|STYLE|NOSCRIPT|TITLE)$/i.test(node.tagName) || !shown(node) || node.closest(':disabled')) continue;
    texts += 1;
    const style = getComputedStyle(node);
    const background = behind(node);
    const colour = over(parse(node.ownerSVGElement ? style.fill : style.color), background);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const value = ratio(colour, background);
    if (value < (large ? 3 : 4.5)) weak.set(`${where(node)}: contrast ${value.toFixed(2)} of "${text.data.trim().slice(0, 30)}"`, 1);
  }
  found.push(...[...weak.keys()].slice(0, 12));
  for (const node of document.querySelectorAll('input, select, button')) {
    if (!shown(node) || node.disabled || ['checkbox', 'radio'].includes(node.type)) continue;
    const value = ratio(over(parse(getComputedStyle(node).borderTopColor), behind(node.parentElement)), behind(node.parentElement));
    if (value < 3) found.push(`${where(node)}: its border has a contrast of ${value.toFixed(2)}`);
  }

  // ---- 1.3.1, 2.4.6: structure ----
  const heads = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown);
  let last = 0;
  for (const head of heads) {
    const level = Number(head.tagName[1]);
    if (level > last + 1) found.push(`heading h${level} "${head.textContent.slice(0, 30)}" follows h${last}`);
    if (!head.textContent.trim()) found.push(`${where(head)} is empty`);
    last = level;
  }
  if (heads.filter((head) => head.tagName === 'H1').length !== 1) found.push('there is not one h1');
  for (const [selector, count] of [['main', 1], ['body > header', 1], ['body > footer', 1]]) {
    if (document.querySelectorAll(selector).length !== count) found.push(`${selector} is not there ${count} time`);
  }
  for (const nav of document.querySelectorAll('nav')) {
    if (!nav.getAttribute('aria-label')) found.push(`${where(nav)} has no label`);
  }
  for (const cell of document.querySelectorAll('thead th, tbody th')) {
    if (!cell.getAttribute('scope')) found.push(`${where(cell)} "${cell.textContent.slice(0, 20)}" has no scope`);
  }
  if (!document.documentElement.lang) found.push('the page has no language');
  if (!document.title) found.push('the page has no title');

  // ---- 4.1.1, 4.1.2 ----
  const ids = new Set();
  for (const node of document.querySelectorAll('[id]')) {
    if (ids.has(node.id)) found.push(`the id ${node.id} is there twice`);
    ids.add(node.id);
  }
  for (const node of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
    for (const id of `${node.getAttribute('aria-labelledby') || ''} ${node.getAttribute('aria-describedby') || ''}`.split(' ').filter(Boolean)) {
      if (!ids.has(id)) found.push(`${where(node)} is labelled by #${id}, which is not there`);
    }
  }
  for (const node of document.querySelectorAll('[tabindex]')) if (node.tabIndex > 0) found.push(`${where(node)} has a positive tabindex`);
  for (const node of document.querySelectorAll('a[href^="#"]')) {
    const anchor = decodeURIComponent(node.getAttribute('href').slice(1));
    if (shown(node) && !ids.has(anchor) && !ids.has('c/' + anchor)) found.push(`the link to #${anchor} leads nowhere`);
  }
  return { found, texts };
})()

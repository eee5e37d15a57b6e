import type { Locator } from '@playwright/test';

/** WCAG AA for text: 4.5, and 3 for large text; what is disabled is exempt. */
const LEAST = 4.5;

/** Texts beneath an element that stand out too little from what lies behind them, with their contrast. */
export function faintTexts(root: Locator): Promise<string[]> {
  return root.evaluate((element, least) => {
    type Colour = [number, number, number, number];
    const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const read = (colour: string): Colour => {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      return [r!, g!, b!, a! / 255];
    };
    const over = (top: Colour, below: Colour): Colour => [0, 1, 2].map(i => top[i]! * top[3] + below[i]! * (1 - top[3])).concat(1) as Colour;
    const behind = (node: Element | null): Colour => (node === null ? [255, 255, 255, 1] : over(read(getComputedStyle(node).backgroundColor), read(getComputedStyle(node).backgroundColor)[3] === 1 ? [0, 0, 0, 1] : behind(node.parentElement)));
    const light = (colour: Colour): number =>
      colour.slice(0, 3).reduce((sum, value, i) => {
        const part = value / 255;
        return sum + [0.2126, 0.7152, 0.0722][i]! * (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      }, 0);
    const contrast = (a: Colour, b: Colour): number => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const found: string[] = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const text = node.textContent!.trim();
      if (text === '' || !parent.checkVisibility({ opacityProperty: true }) || parent.closest(':disabled, .react-flow__attribution, option')) {
        continue;
      }
      const ground = behind(parent);
      const ratio = contrast(over(read(getComputedStyle(parent).color), ground), ground);
      if (ratio < least) {
        found.push(`${text.slice(0, 40)} (${parent.className || parent.tagName}): ${ratio.toFixed(2)}`);
      }
    }
    return found;
  }, LEAST);
}

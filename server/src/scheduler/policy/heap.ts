/** A priority queue: `pop` gives what is least by `at`, first in first out among equals. */
export class Heap<T extends { at: number }> {
  private readonly items: { item: T; order: number }[] = [];
  private count = 0;

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0]?.item;
  }

  push(item: T): void {
    const { items } = this;
    items.push({ item, order: this.count++ });
    for (let i = items.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.isLess(i, parent)) {
        break;
      }
      this.swap(i, parent);
      i = parent;
    }
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first && items.length > 0) {
      items[0] = last!;
      this.sink();
    }
    return first?.item;
  }

  private sink(): void {
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < this.items.length && this.isLess(left, least)) {
        least = left;
      }
      if (right < this.items.length && this.isLess(right, least)) {
        least = right;
      }
      if (least === i) {
        return;
      }
      this.swap(i, least);
      i = least;
    }
  }

  private isLess(a: number, b: number): boolean {
    const [x, y] = [this.items[a]!, this.items[b]!];
    return (x.item.at - y.item.at || x.order - y.order) < 0;
  }

  private swap(a: number, b: number): void {
    [this.items[a], this.items[b]] = [this.items[b]!, this.items[a]!];
  }
}

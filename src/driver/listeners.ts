/** Those who want to know of one event, each until it says otherwise. */
export class Listeners {
  /** An array, since each of very many calls has one to three listeners. */
  #all: (() => void)[] = [];

  /** @returns what takes the listener away again. */
  add(listener: () => void): () => void {
    this.#all.push(listener);
    return () => {
      const index = this.#all.indexOf(listener);
      if (index !== -1) {
        this.#all.splice(index, 1);
      }
    };
  }

  /** Tells each once, in the order in which they came. */
  tell(): void {
    const all = this.#all;
    this.#all = [];
    for (const listener of all) {
      listener();
    }
  }

  clear(): void {
    this.#all = [];
  }
}

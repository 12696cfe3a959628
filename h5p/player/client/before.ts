/**
 * Runs in the frame before H5P's core. Core and many libraries read `localStorage`. Where the frame's origin is opaque
 * that throws; where it is one of its own, it is that of all lessons, and what one leaves there another would find. So
 * they get a memory that lasts as long as the page.
 */
for (const name of ['localStorage', 'sessionStorage'] as const) {
  const kept = new Map<string, string>()
  const storage: Storage = {
    get length() {
      return kept.size
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(String(key)) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(String(key)),
    setItem: (key, value) => void kept.set(String(key), String(value)),
  }
  Object.defineProperty(window, name, { value: storage, configurable: true })
}

// Nor by cookies, which would also go with every request from then on.
Object.defineProperty(document, 'cookie', { get: () => '', set: () => {} })

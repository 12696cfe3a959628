/**
 * Runs in the frame before H5P's core. The frame's origin is opaque: reading `localStorage` throws there, and core and
 * many libraries read it. They get a memory that lasts as long as the page.
 */
for (const name of ['localStorage', 'sessionStorage'] as const) {
  try {
    void window[name].length
  } catch {
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
}

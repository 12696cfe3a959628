/** One value of a server's /metrics: the sum over all labels that hold `label`; null when it tells no such thing. */
export function metric(text: string, name: string, label = ''): number | null {
  const values = text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0)
}

export async function readMetrics(internalUrl: string): Promise<string> {
  return (await fetch(`${internalUrl}/metrics`)).text()
}

/**
 * Runs a program (its arguments: folder, program, arguments…) as long as somebody holds this process's standard input,
 * and removes the folder afterwards where one is named: it ends with the tests, however those end, a kill included.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [folder = '', program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const end = (code: number) => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
  process.exit(code)
}
child.once('error', (error) => {
  console.error(error.message)
  end(127)
})
// Nothing of it is needed any more: it need not close its files well.
process.stdin.resume().once('close', () => child.kill('SIGKILL'))
child.once('exit', (code) => end(code ?? 0))
// Ctrl+C reaches both; the one who is guarded against decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

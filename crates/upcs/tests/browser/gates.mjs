// Step 4: a shell in which `upcs call` asks a gate, as a prison's switch would.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { until } from './browser.mjs'

const run = promisify(execFile)

export class Gates {
  constructor({ upcs, barring, enabling }) {
    Object.assign(this, { upcs, barring, enabling, calls: 0 })
  }

  /** `ALLOWED` or `REFUSED`. */
  async call(gate, from, dialled) {
    this.calls += 1
    const { stdout } = await run(this.upcs, ['call', '--gate', gate, '--from', from, dialled])
    return stdout.split(/\s/)[0]
  }

  /** Fails unless the gate refuses the number however it is written. */
  async refuses(gate, from, number) {
    for (const dialled of forms(number)) {
      const said = await this.call(gate, from, dialled)
      if (said !== 'REFUSED') throw new Error(`${dialled} from ${from} was answered ${said}`)
    }
  }

  async allows(gate, from, number) {
    const said = await this.call(gate, from, number)
    if (said !== 'ALLOWED') throw new Error(`${number} from ${from} was answered ${said}`)
  }

  /** Waits until the gate refuses (or allows) a number; then holds it to that in every form. */
  async comesToRefuse(gate, from, number) {
    await until(`${number} to be refused`, async () => (await this.call(gate, from, number)) === 'REFUSED', 3000)
    await this.refuses(gate, from, number)
  }

  async comesToAllow(gate, from, number) {
    await until(`${number} to be allowed`, async () => (await this.call(gate, from, number)) === 'ALLOWED', 3000)
  }
}

function forms(number) {
  const digits = number.replaceAll(' ', '')
  const rest = digits.slice(1)
  return [number, digits, `+44${rest}`, `0044${rest}`, `141${digits}`, `141 ${number}`, [...digits].join(' ')]
}

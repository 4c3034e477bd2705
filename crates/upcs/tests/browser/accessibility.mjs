// WCAG 2.2 AA, as far as a program can tell: axe-core's rules on a page as it stands.
//
// Where scripts are off, axe cannot run in the page itself. The page's HTML then goes to a second browser that
// loads it at the same address, without the site's own scripts, and axe looks at it there.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
// Part of 2.2 AA, and off in axe unless asked for.
const OPTIONS = { runOnly: { type: 'tag', values: TAGS }, rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] }

const PLANTED = `<!DOCTYPE html><html><head><title>Planted</title></head><body><main>
  <h1>Planted</h1><img src="/nothing.svg"><input type="text">
  <p style="color:#bbb;background:#fff">Pale words that few can read</p>
  <a href="/a" style="display:inline-block;width:9px;height:9px;overflow:hidden">a</a><a href="/b" style="display:inline-block;width:9px;height:9px;overflow:hidden">b</a>
  </main></body></html>`
const PLANTED_RULES = ['color-contrast', 'html-has-lang', 'image-alt', 'label', 'target-size']

/** Runs axe and keeps count of what it looked at. */
export class Accessibility {
  static async open(story) {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    const browser = await chromium.launch({ executablePath: story.chromium, headless: true, chromiumSandbox: false, args: ['--disable-gpu'] })
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, bypassCSP: true })
    return new Accessibility(story, axe, browser, page)
  }

  constructor(story, axe, browser, page) {
    Object.assign(this, { story, axe, browser, page, looked: new Set(), states: 0 })
  }

  /** Fails unless axe finds each of the faults in a page made to have them. */
  async findPlantedFaults() {
    const found = await this.#snapshot(`${this.story.url}/planted`, PLANTED)
    const ids = found.map(({ id }) => id).sort()
    const missed = PLANTED_RULES.filter((rule) => !ids.includes(rule))
    if (missed.length > 0) throw new Error(`axe did not find the planted ${missed.join(', ')}; it found ${ids.join(', ')}`)
    return ids.length
  }

  /** What axe finds on the page, each with the first place. A page that differs in words alone is looked at once. */
  async violations(page, { scripts }) {
    const html = await page.content()
    this.states += 1
    const shape = skeleton(html)
    if (this.looked.has(shape)) return []
    this.looked.add(shape)
    const found = scripts ? await this.#inPage(page) : await this.#snapshot(page.url(), html)
    return found.map(({ id, help, nodes }) => `${id} (${help}) at ${nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ')}: ${nodes[0].html.slice(0, 200)}`)
  }

  async #inPage(page) {
    await page.evaluate(this.axe)
    return page.evaluate(async (options) => {
      const closed = [...document.querySelectorAll('details:not([open])')]
      closed.forEach((details) => { details.open = true })
      const { violations } = await globalThis.axe.run(document, options)
      closed.forEach((details) => { details.open = false })
      return violations
    }, OPTIONS)
  }

  async #snapshot(url, html) {
    const opened = html.replace(/<script\b[^>]*>[^]*?<\/script>/g, '').replaceAll('<details', '<details open')
    const address = new URL(url)
    address.hash = ''
    await this.page.route(address.href, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: opened }))
    try {
      await this.page.goto(address.href)
      await this.page.evaluate(this.axe)
      return await this.page.evaluate(async (options) => (await globalThis.axe.run(document, options)).violations, OPTIONS)
    } finally {
      await this.page.unroute(address.href)
    }
  }

  async close() {
    await this.browser.close()
  }
}

/** The page without its words and numbers: two pages with the same skeleton pass or fail axe alike. */
function skeleton(html) {
  return html
    .replace(/>[^<]+</g, (text) => (/[^\s<>]/.test(text) ? '>x<' : '><'))
    .replace(/\b(value|href|action|content)="[^"]+"/g, '$1="x"')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    .replace(/\d+/g, '0')
}

// One person at one browser: goes to pages, fills in fields, presses buttons. Every page that comes up is held
// to the same: the expected status, no error on the console, no policy violation, nothing that failed to load,
// error messages that lead to their fields, and nothing that axe objects to.
import { join } from 'node:path'
import { NEUTRAL_SITE, openBrowser } from './browser.mjs'

export class Visitor {
  static async open(story, name) {
    const browser = await openBrowser(story, { scripts: story.scripts })
    story.open.push(browser.context)
    return new Visitor(story, name, browser)
  }

  constructor(story, name, browser) {
    Object.assign(this, { story, name, browser, page: browser.page, problems: [], answered: undefined })
    this.#watch()
  }

  #watch() {
    const { page, story } = this
    const ours = (url) => url.startsWith(`${story.url}/`)
    page.on('console', (message) => {
      // A form with errors is answered with 422, which the browser also tells the console. Statuses of
      // documents are checked where they are expected.
      const status = message.text().startsWith('Failed to load resource') && !message.location().url.includes('/assets/')
      if (message.type() === 'error' && !status) this.problems.push(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => this.problems.push(`script: ${error.message}`))
    page.on('requestfailed', (request) => {
      const left = request.isNavigationRequest() && request.failure()?.errorText === 'net::ERR_ABORTED'
      if (ours(request.url()) && !left) this.problems.push(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText}`)
    })
    page.on('response', (response) => {
      const request = response.request()
      if (!ours(response.url())) return
      if (!request.isNavigationRequest()) {
        if (response.status() >= 400) this.problems.push(`${response.status()} for ${response.url()}`)
        return
      }
      this.answered = { method: request.method(), path: new URL(response.url()).pathname, status: response.status() }
      story.visits.count(this.answered.method, this.answered.path, this.answered.status)
    })
  }

  /** Opens a page by its path. */
  async go(path, expected = {}) {
    await this.page.goto(this.story.url + path)
    await this.#arrived(expected)
  }

  /** Presses a button by its words, or whatever a locator finds, and waits for the page that comes. */
  async press(what, expected = {}) {
    const target = typeof what === 'string' ? this.page.getByRole('button', { name: what, exact: true }) : what
    await this.#leaves(() => target.first().click())
    await this.#arrived(expected)
  }

  /** Follows a link by its words. */
  async follow(words, expected = {}) {
    await this.#leaves(() => this.page.getByRole('link', { name: words, exact: true }).first().click())
    await this.#arrived(expected)
  }

  /** Presses a form's only button, or the named one within it. */
  async send(form, expected = {}) {
    await this.press(this.page.locator(form).locator('button[type=submit], button:not([type])').last(), expected)
  }

  /** Presses a key, and waits for the page that comes. */
  async presses(key, expected = {}) {
    await this.comes(() => this.page.keyboard.press(key), expected)
  }

  /** Waits for the page that comes of whatever is done. */
  async comes(act, expected = {}) {
    await this.#leaves(act)
    await this.#arrived(expected)
  }

  /** Gets what is no page (a file, a picture, a script) by its path, and gives what it holds. */
  async fetched(path) {
    const answer = await this.browser.context.request.get(this.story.url + path)
    if (!answer.ok()) throw new Error(`${this.name}: ${path} was answered with ${answer.status()}`)
    this.story.visits.count('GET', path, answer.status())
    return (await answer.body()).toString('latin1')
  }

  async #leaves(act) {
    await Promise.all([this.page.waitForEvent('load'), act()])
  }

  async #arrived({ status = 200, shot } = {}) {
    if (process.env.UPCS_BROWSER_TRACE) console.log(`${new Date().toISOString().slice(11, 21)} ${this.name} ${this.answered?.method} ${this.answered?.path} ${this.answered?.status}`)
    const { method, path, status: found } = this.answered ?? {}
    if (found !== status) throw new Error(`${this.name}: ${method} ${path} was answered with ${found} and not ${status}: ${await this.heading()} ${await this.errors()}`)
    await this.check(`${method} ${path} (${status})`)
    if (shot) await this.picture(shot)
  }

  /** Holds the page that is shown to everything that every page is held to. */
  async check(label) {
    const lost = await this.page.$$eval('.govuk-error-summary a[href^="#"]', (links) =>
      links.map((link) => link.getAttribute('href')).filter((href) => !document.getElementById(href.slice(1))))
    const markup = (await this.text()).match(/<\/?[a-z]+[^<]*>/g) ?? []
    const violations = await this.story.accessibility.violations(this.page, this.story)
    const found = [...this.problems.splice(0), ...lost.map((href) => `an error leads to ${href}, which is not there`), ...markup.map((tag) => `shows markup as words: ${tag}`), ...violations.map((violation) => `axe: ${violation}`)]
    this.story.faults.push(...found.map((fault) => `${this.name}, ${label}: ${fault}`))
  }

  /** Fills fields by their ids; a list checks boxes or a radio by value within a name. */
  async fill(fields) {
    for (const [id, value] of Object.entries(fields)) {
      await this.page.locator(`[id="${id}"]`).fill(value)
    }
  }

  async choose(name, ...values) {
    for (const value of values) await this.page.locator(`input[name="${name}"][value="${value}"]`).check()
  }

  async select(id, value) {
    await this.page.locator(`[id="${id}"]`).selectOption(value)
  }

  /** Opens a folded part of the page, by its summary or by a locator, unless it is open. */
  async unfold(what) {
    const summarised = () => this.page.locator('details', { has: this.page.locator('summary', { hasText: what }) })
    const details = (typeof what === 'string' ? summarised() : what).first()
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click()
  }

  /** The error messages of the page, as the summary lists them. */
  async errors() {
    return this.page.locator('.govuk-error-summary__list li').allInnerTexts()
  }

  /** Fails unless the page lists so many errors. */
  async expectErrors(count) {
    const errors = await this.errors()
    if (errors.length !== count) throw new Error(`${this.name}, ${this.page.url()}: ${count} errors were expected: ${JSON.stringify(errors)}`)
    this.story.errorStates += 1
  }

  async heading() {
    return (await this.page.locator('h1').allInnerTexts()).join(' / ')
  }

  async text() {
    return this.page.locator('body').innerText()
  }

  /** Fails unless the page says all of this. */
  async expect(...words) {
    const text = await this.text()
    const missing = words.filter((word) => !(word instanceof RegExp ? word.test(text) : text.includes(word)))
    if (missing.length > 0) throw new Error(`${this.name}, ${this.page.url()}: the page does not say ${missing.join(' nor ')}: ${text.replace(/\s+/g, ' ').slice(0, 1500)}`)
  }

  /** Fails if the page says any of this. */
  async expectNone(...words) {
    const text = await this.text()
    const said = words.filter((word) => text.includes(word))
    if (said.length > 0) throw new Error(`${this.name}, ${this.page.url()}: the page says ${said.join(', ')}`)
  }

  async picture(shot, part) {
    if (!this.story.screenshots) return
    const path = join(this.story.screenshots, `${shot}${this.story.scripts ? '' : '-noscript'}.png`)
    const options = { path, animations: 'disabled' }
    await (part ? this.page.locator(part).screenshot(options) : this.page.screenshot({ ...options, fullPage: true }))
  }

  /** Waits until the window shows the neutral site. */
  async isAway() {
    await this.page.waitForURL(`${NEUTRAL_SITE}**`)
    await this.page.getByRole('heading', { name: 'Weather' }).waitFor()
  }

  /** Signs in through the demonstration's chooser. */
  async signIn(name) {
    await this.go('/sign-in')
    await this.press(this.page.getByRole('button', { name }))
    this.name = name
  }

  async signOut() {
    await this.press('Sign out')
  }

  async close() {
    await this.browser.context.close()
  }
}

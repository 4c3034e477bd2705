// A real Chromium with a profile of its own, as one person's device has.
//
// Nothing of it reaches the network: the one foreign address of the story, where "Exit this page" leads, is
// answered here with a plain page.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const SWITCHES = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--password-store=basic',
]

/** Where the service's exit leads. */
export const NEUTRAL_SITE = 'https://www.bbc.co.uk/weather'

const NEUTRAL_PAGE = '<!DOCTYPE html><html lang="en"><title>Weather</title><main><h1>Weather</h1><p>Dry.</p></main></html>'

/**
 * Opens a browser on a fresh profile. Pages are kept for Back as in any browser: the switch with which
 * automation forbids that is taken out, since the story looks at what Back shows.
 */
export async function openBrowser(story, { scripts }) {
  const profile = await mkdtemp(join(story.temp, 'profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: story.chromium,
    headless: true,
    chromiumSandbox: false,
    javaScriptEnabled: scripts,
    viewport: { width: 1100, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    args: SWITCHES,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  context.setDefaultTimeout(15000)
  const page = context.pages()[0] ?? (await context.newPage())
  const wire = await context.newCDPSession(page)
  await answerNeutralSite(wire)
  return { profile, context, page, wire }
}

/** Playwright's own routes do not see the far end of a redirect; the protocol beneath does. */
async function answerNeutralSite(wire) {
  await wire.send('Fetch.enable', { patterns: [{ urlPattern: `${new URL(NEUTRAL_SITE).origin}/*` }] })
  wire.on('Fetch.requestPaused', ({ requestId }) => wire.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: 200,
    responseHeaders: [{ name: 'content-type', value: 'text/html; charset=utf-8' }],
    body: Buffer.from(NEUTRAL_PAGE).toString('base64'),
  }).catch(() => {}))
}

/**
 * Goes back one entry and gives what the window then holds, be it a page of the site or the browser's own
 * ("Confirm form resubmission"); nothing at the first entry.
 */
export async function goBack({ wire }) {
  const { currentIndex, entries } = await wire.send('Page.getNavigationHistory')
  if (currentIndex === 0) return undefined
  const entry = entries[currentIndex - 1]
  await wire.send('Page.enable')
  const stopped = new Promise((resolve) => wire.once('Page.frameStoppedLoading', resolve))
  await wire.send('Page.navigateToHistoryEntry', { entryId: entry.id })
  await Promise.race([stopped, pause(3000)])
  return { url: entry.url, html: await windowHtml(wire) }
}

async function windowHtml(wire) {
  const { root } = await wire.send('DOM.getDocument', { depth: 0 })
  const { outerHTML } = await wire.send('DOM.getOuterHTML', { nodeId: root.nodeId })
  return outerHTML
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Looks every so often until there is something; fails with `what` when there never is. */
export async function until(what, look, within = 10000) {
  const began = Date.now()
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() - began > within) throw new Error(`after ${within / 1000} s still waiting for ${what}`)
    await pause(100)
  }
}

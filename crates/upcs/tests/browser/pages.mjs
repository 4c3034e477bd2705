// The service's pages as its router lists them, and which of them were visited.

/** A page of the router's list, once for each method: `GET /cases/{reference}`. */
export function everyPage(routes) {
  return routes.flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`))
}

/** Counts visits against the list. */
export class Visits {
  constructor(routes) {
    this.listed = everyPage(routes)
    this.patterns = routes.map(({ path }) => ({ path, pattern: patternOf(path) }))
    this.made = new Map()
  }

  /** One answered request for a document. A page that was refused or missing is not a visit. */
  count(method, path, status) {
    const route = this.patterns.find(({ pattern }) => pattern.test(path))
    const reached = status < 400 || status === 422
    if (!route || !reached) return
    const page = `${method} ${route.path}`
    this.made.set(page, (this.made.get(page) ?? 0) + 1)
  }

  /** The listed pages that nobody has visited. */
  unvisited(listed = this.listed) {
    return listed.filter((page) => !this.made.has(page))
  }

  /** How many visits in all. */
  total() {
    return [...this.made.values()].reduce((sum, count) => sum + count, 0)
  }
}

function patternOf(path) {
  const parts = path.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${parts.join('/')}$`)
}

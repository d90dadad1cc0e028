// MiniSearch, tuned: stems of the language, typos only in words of more than four letters, completion only of the last word.
// Lines of JSON in: { documents, language, depth }, then lists of texts. Lines out: seconds and size of the index, then for each
// text of a list its ids and milliseconds of CPU.
import { createRequire } from "node:module"
import { createInterface } from "node:readline"
import { pathToFileURL } from "node:url"

const require = createRequire(pathToFileURL(process.argv[2] + "/package.json"))
const MiniSearch = require("minisearch")
const stemmers = require("snowball-stemmers")
const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]()
const next = async () => JSON.parse((await lines.next()).value ?? "null")
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n")
const { documents, language, depth } = await next()

const stemmer = language ? stemmers.newStemmer(language) : { stem: (word) => word }
const stem = (word) => stemmer.stem(word.toLowerCase())
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const began = cpu()
const index = new MiniSearch({ fields: ["title", "text"], processTerm: stem })
index.addAll(documents.map(({ title, text }, id) => ({ id, title, text })))
const seconds = (cpu() - began) / 1000
const options = {
  fuzzy: (term) => (term.length > 4 ? 0.2 : false),
  prefix: (term, place, terms) => place === terms.length - 1,
}
const ask = (text) => {
  const start = cpu()
  const pages = index.search(text, options).slice(0, depth).map((hit) => documents[hit.id].id)
  return [pages, cpu() - start]
}
say({ seconds, size: Buffer.byteLength(JSON.stringify(index)) })
for (let texts = await next(); texts; texts = await next()) say(texts.map(ask))

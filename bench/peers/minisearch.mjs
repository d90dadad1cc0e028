// MiniSearch, tuned: stems of the language, typos only in words of more than four letters, completion only of the last word.
// One JSON object in: documents, language, texts. One out: seconds and size of the index, and for each text ids and milliseconds.
import { createRequire } from "node:module"
import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

const require = createRequire(pathToFileURL(process.argv[2] + "/package.json"))
const MiniSearch = require("minisearch")
const stemmers = require("snowball-stemmers")
const { documents, language, texts, depth } = JSON.parse(readFileSync(0, "utf8"))

const stemmer = language ? stemmers.newStemmer(language) : { stem: (word) => word }
const stem = (word) => stemmer.stem(word.toLowerCase())
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

let began = cpu()
const index = new MiniSearch({ fields: ["title", "text"], processTerm: stem })
index.addAll(documents.map(({ title, text }, id) => ({ id, title, text })))
const seconds = (cpu() - began) / 1000
const options = {
  fuzzy: (term) => (term.length > 4 ? 0.2 : false),
  prefix: (term, place, terms) => place === terms.length - 1,
}
const found = texts.map((text) => {
  began = cpu()
  const pages = index.search(text, options).slice(0, depth).map((hit) => documents[hit.id].id)
  return [pages, cpu() - began]
})
process.stdout.write(JSON.stringify({ seconds, size: Buffer.byteLength(JSON.stringify(index)), found }))

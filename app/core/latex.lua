-- What pandoc does to LaTeX so that plain Markdown can say it.

-- Space that is only for the eye, and what no other format knows.
function RawInline()
  return {}
end

function RawBlock()
  return {}
end

-- Centring and the like: what is inside stays.
function Div(div)
  return div.content
end

function Span(span)
  return span.content
end

-- Small capitals, underlining and quotation marks have no sign of their own.
function SmallCaps(words)
  return words.content
end

function Underline(words)
  return pandoc.Emph(words.content)
end

function Quoted(words)
  local open, close = "\u{2018}", "\u{2019}"
  if words.quotetype == "DoubleQuote" then
    open, close = "\u{201c}", "\u{201d}"
  end
  words.content:insert(1, pandoc.Str(open))
  words.content:insert(pandoc.Str(close))
  return words.content
end

-- A raised or lowered word is a formula.
function Superscript(words)
  return pandoc.Math("InlineMath", "^{\\text{" .. pandoc.utils.stringify(words) .. "}}")
end

function Subscript(words)
  return pandoc.Math("InlineMath", "_{\\text{" .. pandoc.utils.stringify(words) .. "}}")
end

function Header(header)
  header.attr = pandoc.Attr()
  return header
end

function Code(code)
  code.attr = pandoc.Attr()
  return code
end

function CodeBlock(code)
  code.attr = pandoc.Attr()
  return code
end

-- "image" is what pandoc calls a picture without a name.
function Image(image)
  local words = pandoc.utils.stringify(image.caption) == "image" and {} or image.caption
  return pandoc.Image(words, image.src)
end

-- Items of one paragraph each stand close together.
local function close(list)
  for number, item in ipairs(list.content) do
    if #item == 1 and item[1].t == "Para" then
      list.content[number] = { pandoc.Plain(item[1].content) }
    end
  end
  return list
end

BulletList = close
OrderedList = close

function Link(link)
  return pandoc.Link(link.content, link.target)
end

-- A figure is its picture and, below, its caption.
function Figure(figure)
  local blocks = pandoc.Blocks({})
  for _, block in ipairs(figure.content) do
    blocks:insert(block.t == "Plain" and pandoc.Para(block.content) or block)
  end
  for _, block in ipairs(figure.caption.long) do
    -- Captions of nothing but a space that does not break are usual.
    if pandoc.utils.stringify(block):gsub("\u{a0}", ""):match("%S") then
      blocks:insert(pandoc.Para({ pandoc.Emph(pandoc.utils.blocks_to_inlines({ block })) }))
    end
  end
  return blocks
end

-- Definition lists: the word, then what it means.
function DefinitionList(list)
  local items = pandoc.List({})
  for _, item in ipairs(list.content) do
    local blocks = pandoc.Blocks({ pandoc.Para({ pandoc.Strong(item[1]) }) })
    for _, meaning in ipairs(item[2]) do
      blocks:extend(meaning)
    end
    items:insert(blocks)
  end
  return pandoc.BulletList(items)
end

function LineBlock(lines)
  return pandoc.Para(pandoc.utils.blocks_to_inlines({ pandoc.LineBlock(lines.content) }, { pandoc.LineBreak() }))
end

-- Cells hold one line each, and a table without a head gets an empty one.
function Table(cells)
  local simple = pandoc.utils.to_simple_table(cells)
  local function line(cell)
    local words = pandoc.Plain(pandoc.utils.blocks_to_inlines(cell, { pandoc.Space() }))
    return { words:walk({
      LineBreak = function() return pandoc.Space() end,
      SoftBreak = function() return pandoc.Space() end,
      -- A bar would end the cell.
      Math = function(formula) return pandoc.Math(formula.mathtype, (formula.text:gsub("\n", " "):gsub("|", "\\vert "))) end,
    }) }
  end
  for _, row in ipairs(simple.rows) do
    for number, cell in ipairs(row) do
      row[number] = line(cell)
    end
  end
  for number, cell in ipairs(simple.headers) do
    simple.headers[number] = line(cell)
  end
  for number in ipairs(simple.widths) do
    simple.widths[number] = 0
  end
  return pandoc.utils.from_simple_table(simple)
end
